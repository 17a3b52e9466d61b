/**
 * What a plan was made from: the spec and the part of the service that it compared, as digests. A saved plan carries it, so that
 * whatever has changed since can be named before anything is written.
 */
import { Failure } from "../failure.ts";
import { formatLocation } from "../location.ts";
import { kinds } from "../model/kinds/index.ts";
import { isSecretNamedValue } from "../model/kinds/named-value.ts";
import type { Kind, Resource } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import type { PlannedSteps } from "./compare.ts";
import { contentDigest, desiredProperties } from "./content.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry } from "./live.ts";
import type { Plan } from "./plan.ts";
import { diffStates } from "./state-diff.ts";
import type { State } from "./state-diff.ts";

/** A resource as the plan read it. */
export type ReadResource = {
  readonly kind: Kind;
  /** Digest of its content in the normal form. */
  readonly content: string;
  /** Where it was read with it. */
  readonly etag: string | null;
};

export type PlanBasis = {
  /** Digest of what the spec wants, by path. */
  readonly spec: Readonly<Record<string, string>>;
  /** What the service had, by path: resources that the spec names, or that the plan deletes. */
  readonly read: Readonly<Record<string, ReadResource>>;
};

export function planBasis({ asWritten, desired, live, steps }: PlannedSteps): PlanBasis {
  const relevant = new Set(
    [...desired.resources, ...steps.map(({ change }) => change)].map(({ path }) => pathKey(path)),
  );
  const read = live.entries.filter(({ path }) => relevant.has(pathKey(path)));
  return {
    spec: recordOf(
      fromSpec((asWritten ?? desired).resources).map((resource) => [resource.path, specDigest(resource)]),
    ),
    read: recordOf(read.map((entry) => [entry.path, readResource(entry)])),
  };
}

/** Which roles are to be given follows from the service as much as from the spec: whether they have changed, the plan's digest tells. */
function fromSpec(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ kind }) => kind !== "roleAssignment");
}

function recordOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}

function specDigest(resource: Resource): string {
  return contentDigest(desiredProperties(resource), resource.document);
}

function readResource({ kind, properties, document, etag }: LiveEntry): ReadResource {
  const content = contentDigest(kinds[kind].normalize(properties), document);
  return { kind, content, etag: etag ?? null };
}

/** What `apply` holds a saved plan against. */
export type SavedBasis = PlanBasis & { readonly digest: string; readonly changes: readonly SavedChange[] };

export type SavedChange = Pick<Plan["changes"][number], "action" | "path"> & {
  readonly before: State;
  readonly after: State;
};

/**
 * Throws Failure `PLAN.CHANGED` unless spec and service are what the plan was made from: names each resource that is not, and shows
 * by what. An ETag alone, with the same content, is no change, save where the content cannot be read.
 */
export function requireSameBasis(saved: SavedBasis, now: PlannedSteps): void {
  refuseOtherSpec(saved, now);
  const basis = planBasis(now);
  const paths = [...new Set([...Object.keys(saved.read), ...Object.keys(basis.read)])].sort(compareText);
  const changed = paths.filter((path) => !isSame(saved.read[path], basis.read[path], path, now));
  if (changed.length > 0) throw serviceChanged(changed, saved, now);
  if (saved.digest === now.plan.digest) return;
  throw new Failure(
    "PLAN.CHANGED",
    `changed since the plan: ${otherChanges(saved, now).join("; ")}`,
    remedies,
  );
}

const remedies = {
  why: "the spec or the service is not what the plan was made from, so nothing was written",
  remedy: "Look at a new plan: apimgw plan --out FILE",
};

function refuseOtherSpec(saved: SavedBasis, { asWritten, desired }: PlannedSteps): void {
  const now = new Map(
    fromSpec((asWritten ?? desired).resources).map((resource) => [resource.path, resource]),
  );
  const paths = [...new Set([...Object.keys(saved.spec), ...now.keys()])].sort(compareText);
  const said = paths.flatMap((path): string[] => {
    const [was, resource] = [saved.spec[path], now.get(path)];
    if (resource === undefined) return [`${path} is no longer in it`];
    const where = formatLocation(resource.origin);
    if (was === undefined) return [`${path} is new (${where})`];
    return was === specDigest(resource) ? [] : [`${path} is another one (${where})`];
  });
  if (said.length === 0) return;
  const message = `changed since the plan: the spec, or a variable or file that it uses: ${said.join("; ")}`;
  throw new Failure("PLAN.CHANGED", message, remedies);
}

function isSame(
  was: ReadResource | undefined,
  is: ReadResource | undefined,
  path: string,
  now: PlannedSteps,
): boolean {
  if (was === undefined || is === undefined) return was === is;
  if (was.kind !== is.kind || was.content !== is.content) return false;
  return was.etag === is.etag || was.etag === null || is.etag === null || isReadable(path, now);
}

/** Whether all of a resource's content can be compared. */
function isReadable(path: string, { live }: PlannedSteps): boolean {
  const entry = live.entries.find((other) => other.path === path);
  return entry === undefined || (entry.kind !== "logger" && !isSecretNamedValue(entry.properties));
}

function serviceChanged(paths: readonly string[], saved: SavedBasis, now: PlannedSteps): Failure {
  const said = paths.map((path) => describe(path, saved, now));
  const message = `changed on the service since the plan: ${paths.join(", ")}`;
  return new Failure("PLAN.CHANGED", message, { ...remedies, diff: said.join("\n") });
}

/** `backends/a was changed:` and how, as a diff from what the plan saw to what is there. */
function describe(path: string, saved: SavedBasis, now: PlannedSteps): string {
  const live = now.live.entries.find((entry) => entry.path === path);
  if (live === undefined) return `${path} was deleted`;
  if (saved.read[path] === undefined) return `${path} was created`;
  const planned = saved.changes.find((change) => change.path === path);
  const step = now.steps.find(({ change }) => change.path === path);
  // What the plan left alone was as the spec wants it.
  const before = planned === undefined ? step?.change.after : planned.before;
  const diff = diffStates(live.kind, before ?? null, step?.change.before ?? null);
  if (diff === "") return `${path} was written, and part of it cannot be compared`;
  return [`${path} was changed:`, ...diff.split("\n").map((line) => `  ${line}`)].join("\n");
}

function otherChanges(saved: SavedBasis, { plan }: PlannedSteps): string[] {
  const before = new Map(saved.changes.map((change) => [change.path, change.action]));
  const after = new Map(plan.changes.map((change) => [change.path, change.action]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const said = paths.flatMap((path): string[] => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    if (was === undefined) return [`${path} now needs ${is ?? "nothing"}`];
    return [is === undefined ? `${path} no longer needs ${was}` : `${path} needs ${is} instead of ${was}`];
  });
  return said.length === 0 ? ["the content of a change differs"] : said;
}
