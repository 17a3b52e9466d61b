/** `pull`: a live service becomes a spec and policy files. Reads only. */
import { Failure } from "../core/failure.ts";
import { nearestName } from "../core/nearest-name.ts";
import { pathKey } from "../core/plan/live.ts";
import type { LiveModel } from "../core/plan/live.ts";
import { printSpec } from "../core/pull/print-spec.ts";
import { pullSpec } from "../core/pull/pull-spec.ts";
import type { PulledSpec } from "../core/pull/pull-spec.ts";
import { serviceRef } from "../core/ports.ts";
import type { Files, LiveService, ServiceRef } from "../core/ports.ts";
import { compareText } from "../core/problem.ts";
import { parseSpec } from "../core/spec/parse-spec.ts";
import type { GatewaySpec } from "../core/spec/schema.ts";
import { join, writeNewFiles } from "./new-files.ts";
import { readService } from "./read-live.ts";

export type PullChoice = {
  /** The spec's name. Absent: that of the marks on the service when they agree, else the service's. */
  readonly name?: string;
  /** Ids of the APIs to pull, with what they use; empty: everything. */
  readonly apis: readonly string[];
};

export type PulledGateway = PulledSpec & { readonly name: string; readonly service: ServiceRef };

/**
 * Reads the service and makes a spec of it. Throws ServiceFailure when reading fails, and Failure `PULL.UNKNOWN_API`,
 * `USAGE.INVALID_SERVICE`.
 */
export async function pullService(service: LiveService, { name, apis }: PullChoice): Promise<PulledGateway> {
  const ref = serviceRef(service.ref);
  requireSound({ name: name ?? "x", service: ref });
  const unreadable = new Set<string>();
  const ids = new Set(apis.map((id) => id.toLowerCase()));
  const live = await readService(service, {
    wants: ({ kind, id }) => kind !== "api" || ids.size === 0 || ids.has(id.toLowerCase()),
    onUnreadable: ({ path }) => unreadable.add(pathKey(path)),
  });
  refuseUnknownApis(live, apis);
  const identity = { name: name ?? ownerOf(live) ?? specName(ref.workspace ?? ref.name), service: ref };
  const request = { ...identity, unreadable, ...(apis.length === 0 ? {} : { apis }) };
  return { ...identity, ...pullSpec(live, request) };
}

/** Writes gateway.yaml, its policy files and the JSON Schema; returns their paths. Throws Failure `PULL.EXISTS`, `FILE.*`. */
export function writePulled(
  files: Files,
  { text, files: policies }: PulledSpec,
  {
    directory,
    schema,
    force,
  }: { readonly directory: string; readonly schema: string; readonly force: boolean },
): Promise<readonly string[]> {
  const wanted = [
    { path: "gateway.yaml", text },
    ...policies.map(({ path, text: policy }) => ({ path, text: policy })),
    { path: "gateway.schema.json", text: schema },
  ];
  return writeNewFiles(files, directory, wanted, { force, code: "PULL.EXISTS" });
}

/** The spec that a folder holds already; undefined when there is none, or none that can be read. */
export async function readFormerSpec(
  files: Files,
  directory: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<GatewaySpec | undefined> {
  const file = join(directory, "gateway.yaml");
  if (!(await files.exists(file))) return undefined;
  return parseSpec(await files.read(file), { file, variables }).parsed?.spec;
}

/** What came from the command line must be fit to be written into a spec. */
function requireSound(identity: { readonly name: string; readonly service: ServiceRef }): void {
  const text = printSpec({ apimgw: 1, ...identity }, { head: [], above: new Map() });
  const { problems } = parseSpec(text, { file: "gateway.yaml", variables: {} });
  if (problems.length === 0) return;
  const said = problems.map(({ message }) => message).join("; ");
  throw new Failure("USAGE.INVALID_SERVICE", `this cannot stand in a spec: ${said}`, {
    remedy: "Check --subscription, --resource-group, --service and --name.",
  });
}

function refuseUnknownApis({ entries }: LiveModel, apis: readonly string[]): void {
  const known = entries.filter(({ kind }) => kind === "api").map(({ id }) => id);
  const lower = new Set(known.map((id) => id.toLowerCase()));
  const unknown = apis.filter((id) => !lower.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  const said = unknown.map((id) => {
    const nearest = nearestName(id, known);
    return `\`${id}\`${nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`}`;
  });
  throw new Failure("PULL.UNKNOWN_API", `the service has no API ${said.join(", ")}`, {
    why: known.length === 0 ? "it has none at all" : `it has ${[...known].sort(compareText).join(", ")}`,
    remedy: "An API is named by its id, as in its ARM path.",
  });
}

/** The one spec that owns something here, when there is just one. */
function ownerOf({ entries }: LiveModel): string | undefined {
  const owners = [...new Set(entries.flatMap(({ owner }) => owner ?? []))];
  return owners.length === 1 ? owners[0] : undefined;
}

/** A service's name is one for a spec, too, unless it was never checked by Azure. */
function specName(service: string): string {
  return service.replace(/[^A-Za-z0-9]+$/, "");
}
