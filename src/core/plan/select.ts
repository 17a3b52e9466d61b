/**
 * Part of a plan: `--target`, `--exclude` and `--no-delete`. What is taken drags along what must come before it; what is left out
 * drags along what cannot be done without it.
 */
import { Failure } from "../failure.ts";
import { kindNames } from "../model/resource.ts";
import type { Kind, Model } from "../model/resource.ts";
import { nearestName } from "../nearest-name.ts";
import type { Step } from "./compare.ts";
import { findUsers } from "./deletes.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import { needsImport } from "./write-body.ts";

/** Resources by kind and id, as the plan shows them. */
export type Selector = {
  /** `backend:aoai`, as it was written. */
  readonly text: string;
  readonly kind: Kind | "*";
  /** May hold `*` for any run of characters; compared without regard to case. */
  readonly id: string;
};

export type Selection = {
  /** Empty: all changes. */
  readonly targets: readonly Selector[];
  readonly excludes: readonly Selector[];
  /** False: nothing is deleted, nor written that waits for a delete. */
  readonly deletes: boolean;
};

/** Everything that the spec and the service ask for. */
export const everything: Selection = { targets: [], excludes: [], deletes: true };

/** `KIND:ID`. Throws Failure `USAGE.SELECTOR`. */
export function parseSelector(text: string): Selector {
  const [, kind = "", id = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const found = [...kindNames, "*" as const].find((name) => name.toLowerCase() === kind.toLowerCase());
  if (found !== undefined && id !== "") return { text, kind: found, id };
  const nearest = nearestName(kind === "" ? text : kind, kindNames);
  throw new Failure("USAGE.SELECTOR", `\`${text}\` does not name resources`, {
    why: `it is KIND:ID, and the kinds are ${kindNames.join(", ")}, or * for all`,
    remedy: `write \`${nearest ?? "backend"}:${id === "" ? "ID" : id}\`; the id may hold *`,
  });
}

export type Selected = { readonly steps: readonly Step[]; readonly leftOut: readonly Step[] };

/**
 * The selected steps, in their order, and the others. Throws Failure `USAGE.SELECTOR` for a selector that fits no resource of the
 * spec and no delete: most likely a slip of the pen, and with it everything or nothing would be done.
 */
export function selectSteps(
  steps: readonly Step[],
  { targets, excludes, deletes }: Selection,
  { desired, live }: { readonly desired: Model; readonly live: LiveModel },
): Selected {
  const known = [...desired.resources, ...steps.map(({ change }) => change)];
  for (const selector of [...targets, ...excludes]) refuseUnknown(selector, known);
  if (targets.length === 0 && excludes.length === 0 && deletes) return { steps, leftOut: [] };
  const needs = needsOf(steps, live);
  const isTarget = ({ change }: Step): boolean => targets.some((selector) => fits(selector, change));
  const wanted = targets.length === 0 ? new Set(steps) : closure(steps.filter(isTarget), needs);
  const isExcluded = ({ change }: Step): boolean =>
    excludes.some((selector) => fits(selector, change)) || (!deletes && change.action === "delete");
  const out = closure(steps.filter(isExcluded), dependantsOf(steps, needs));
  const isSelected = (step: Step): boolean => wanted.has(step) && !out.has(step);
  return {
    steps: steps.filter(isSelected),
    leftOut: steps.filter((step) => !isSelected(step)),
  };
}

type Named = { readonly kind: Kind; readonly id: string };

function fits({ kind, id }: Selector, named: Named): boolean {
  if (kind !== "*" && kind !== named.kind) return false;
  const pattern = id.toLowerCase().split("*").map(escaped).join(".*");
  return new RegExp(`^${pattern}$`, "s").test(named.id.toLowerCase());
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function refuseUnknown(selector: Selector, known: readonly Named[]): void {
  if (known.some((named) => fits(selector, named))) return;
  const names = [...new Set(known.map(({ kind, id }) => `${kind}:${id}`))];
  const nearest = nearestName(selector.text, names);
  throw new Failure("USAGE.SELECTOR", `nothing fits \`${selector.text}\``, {
    why: "neither the spec nor what is to be deleted has such a resource",
    remedy:
      nearest === undefined ? "the plan without it shows kinds and ids" : `did you mean \`${nearest}\`?`,
  });
}

type Graph = ReadonlyMap<Step, readonly Step[]>;

/** What must be done before each step: what it depends on, and for a delete the writes that let go of what goes. */
function needsOf(steps: readonly Step[], live: LiveModel): Graph {
  const byPath = new Map(steps.map((step) => [pathKey(step.change.path), step]));
  const written = steps.flatMap((step): [LiveEntry, Step][] =>
    step.change.action !== "delete" && step.live !== undefined ? [[step.live, step]] : [],
  );
  const users = findUsers(
    written.map(([entry]) => entry),
    live,
  );
  const writes = new Map(written);
  return new Map(
    steps.map((step): [Step, Step[]] => {
      const { change } = step;
      const before = change.dependsOn.flatMap((path) => byPath.get(pathKey(path)) ?? []);
      const releasing =
        change.action === "delete"
          ? (users.get(pathKey(change.path)) ?? []).flatMap((entry) => writes.get(entry) ?? [])
          : [];
      return [step, [...before, ...releasing]];
    }),
  );
}

/** The steps that cannot be done when a step is not. */
function dependantsOf(steps: readonly Step[], needs: Graph): Graph {
  const dependants = new Map<Step, Step[]>();
  for (const step of steps) {
    for (const need of needs.get(step) ?? []) {
      if (isIndispensable(need, step)) dependants.set(need, [...(dependants.get(need) ?? []), step]);
    }
  }
  return dependants;
}

/** A write can do without the change of something that is there already; it cannot without what is made or set free for it. */
function isIndispensable(need: Step, { change }: Step): boolean {
  const { action } = need.change;
  return change.action === "delete" || action === "create" || action === "delete" || needsImport(need);
}

function closure(roots: readonly Step[], graph: Graph): ReadonlySet<Step> {
  const found = new Set<Step>();
  const waiting = [...roots];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (found.has(step)) continue;
    found.add(step);
    waiting.push(...(graph.get(step) ?? []));
  }
  return found;
}
