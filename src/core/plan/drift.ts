/** What was changed on the service since the last apply, by somebody else than apimgw. */
import type { Location } from "../location.ts";
import type { Kind } from "../model/resource.ts";
import type { ServiceRef } from "../ports.ts";
import type { PlannedSteps } from "./compare.ts";
import type { Change, Drift } from "./plan.ts";
import { diffStates } from "./state-diff.ts";

/** A resource with this spec's mark whose content is not what was applied. */
export type DriftedResource = {
  readonly kind: Kind;
  readonly id: string;
  readonly path: string;
  /** `both`: the spec has changed since as well, so that the diff shows the two changes together. */
  readonly by: Drift;
  /** From what the spec says to what is there; empty for what has left the spec. */
  readonly diff: string;
  /** Null for what has left the spec. */
  readonly origin: Location | null;
};

export type MissingResource = Pick<DriftedResource, "kind" | "id" | "path" | "origin">;

export type DriftReport = {
  readonly formatVersion: 1;
  readonly service: ServiceRef;
  readonly name: string;
  readonly drift: readonly DriftedResource[];
  /** Not on the service: new in the spec, or deleted there. Without a state file these look the same. */
  readonly missing: readonly MissingResource[];
};

/** The drift that a plan has found. Kinds that carry no mark of their own cannot be told: diagnostics, links, operations. */
export function driftReport({ plan }: PlannedSteps): DriftReport {
  const { formatVersion, service, name, changes } = plan;
  return {
    formatVersion,
    service,
    name,
    drift: changes.flatMap((change) => (change.drift === null ? [] : [drifted(change, change.drift)])),
    missing: changes
      .filter(({ action }) => action === "create")
      .map(({ kind, id, path, origin }) => ({ kind, id, path, origin })),
  };
}

function drifted({ kind, id, path, before, after, origin }: Change, by: Drift): DriftedResource {
  const diff = after === null ? "" : diffStates(kind, after, before, ["spec", "live"]);
  return { kind, id, path, by, diff, origin };
}
