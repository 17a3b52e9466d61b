/** What carries this spec's mark on the service and has left the spec, and operations that `unlisted: remove` takes away. */
import { kinds } from "../model/kinds/index.ts";
import { apiPath } from "../model/kinds/api.ts";
import { operationPath } from "../model/kinds/operation.ts";
import { globalPolicyPath } from "../model/kinds/policy.ts";
import { readRevisionPath } from "../model/kinds/revision.ts";
import type { Kind, Model } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { belongsTo, wantedPaths } from "./belonging.ts";
import { hasDrifted } from "./content.ts";
import { isExpected } from "./expected.ts";
import { heldBack } from "./held-back.ts";
import { namedValueIds, referencesOf } from "./live-references.ts";
import { etagOf, pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import { earlyDeletes } from "./order.ts";
import type { Change, PlanNote } from "./plan.ts";
import { shownState } from "./state-diff.ts";
import { lostWithProduct } from "./subscriptions.ts";

export type DeleteStep = { readonly change: Change; readonly live: LiveEntry };

export type Deletes = {
  readonly steps: readonly DeleteStep[];
  /** What would go, and must stay for now. */
  readonly notes: readonly PlanNote[];
};

/** Deletions, each after those of the resources that refer to it. What the service deletes along with a parent is left out. */
export function planDeletes(desired: Model, live: LiveModel, taken: ReadonlySet<string>): Deletes {
  const wanted = wantedPaths(desired);
  const isOurs = belongsTo(desired, live, taken);
  const isNamed = (entry: LiveEntry): boolean => desired.expected.some((each) => isExpected(each, entry));
  const unwanted = live.entries.filter(
    (entry) => !wanted.has(pathKey(entry.path)) && isOurs(entry) && !isNamed(entry),
  );
  const held = heldBack(unwanted, live);
  const gone = unwanted.filter((entry) => !held.has(entry));
  const doomed = [...gone, ...unlistedOperations(desired, live)];
  const byPath = new Map(doomed.map((entry) => [pathKey(entry.path), entry]));
  // The outermost ancestor that goes takes everything below along.
  const rootOf = (entry: LiveEntry): LiveEntry =>
    ancestors(entry.path).flatMap((path) => byPath.get(path) ?? [])[0] ?? entry;
  const roots = doomed.filter((entry) => rootOf(entry) === entry);
  const users = findUsers(doomed, live);
  const steps = roots.map((entry) => {
    const before = [
      ...(users.get(pathKey(entry.path)) ?? []),
      ...diagnosticsBefore(entry, doomed),
      ...callersBefore(entry, doomed),
    ];
    const paths = new Set([
      ...before.map((other) => rootOf(other).path),
      ...releasesBefore(entry, desired, live),
    ]);
    const notes = deletionNotes(entry, desired, live, wanted);
    return { change: deletion(entry, [...paths].sort(compareText), notes), live: entry };
  });
  return { steps, notes: [...held.values()] };
}

/** What can be gone back to goes when something newer is released. */
function releasesBefore(entry: LiveEntry, desired: Model, { retired }: LiveModel): readonly string[] {
  if (retired?.has(pathKey(entry.path)) !== true) return [];
  const releases = pathKey(`${apiPath(readRevisionPath(entry.path)?.api ?? "")}/releases/`);
  return desired.resources.map(({ path }) => path).filter((path) => pathKey(path).startsWith(releases));
}

/**
 * What policies name goes after the revisions that go, whose policies are not read. A delete that a write waits for does not: the
 * release of the revision comes after all writes.
 */
export function revisionsFirst<Item extends { readonly change: Change }>(items: readonly Item[]): Item[] {
  const early = earlyDeletes(items.map(({ change }) => change));
  const deletes = items.filter(
    ({ change }) => change.action === "delete" && !early.has(pathKey(change.path)),
  );
  const revisions = deletes.flatMap(({ change }) => (change.kind === "revision" ? [change.path] : []));
  if (revisions.length === 0) return [...items];
  const named = new Set(deletes.filter(({ change }) => isNamedByPolicies(change.kind)));
  return items.map((item) => {
    if (!named.has(item)) return item;
    const dependsOn = [...new Set([...item.change.dependsOn, ...revisions])].sort(compareText);
    return { ...item, change: { ...item.change, dependsOn } };
  });
}

/** Whether policy documents can refer to resources of a kind. */
export function isNamedByPolicies(kind: Kind): boolean {
  return ["namedValue", "logger", "backend", "pool", "fragment", "roleAssignment"].includes(kind);
}

function unlistedOperations(desired: Model, live: LiveModel): LiveEntry[] {
  return desired.apis
    .filter(({ unlisted }) => unlisted === "remove")
    .flatMap(({ id, operations }) => {
      const listed = new Set(operations.map((operation) => pathKey(operationPath(id, operation.id))));
      const prefix = pathKey(operationPath(id, ""));
      return live.entries.filter(
        ({ kind, path }) =>
          kind === "operation" && pathKey(path).startsWith(prefix) && !listed.has(pathKey(path)),
      );
    });
}

/** `apis/a/operations/o/policies/policy` → `apis/a` and `apis/a/operations/o`. */
function ancestors(path: string): string[] {
  const segments = pathKey(path).split("/");
  const ends = [...segments.keys()].filter((index) => index % 2 === 0 && index >= 2);
  return ends.map((end) => segments.slice(0, end).join("/"));
}

/** Those of the entries that refer to each path, by path key. */
export function findUsers(
  entries: readonly LiveEntry[],
  live: LiveModel,
): ReadonlyMap<string, readonly LiveEntry[]> {
  const namedValueId = namedValueIds(live);
  const users = new Map<string, LiveEntry[]>();
  for (const entry of entries) {
    for (const path of new Set(referencesOf(entry, namedValueId))) {
      const key = pathKey(path);
      users.set(key, [...(users.get(key) ?? []), entry]);
    }
  }
  return users;
}

/** The document of an API that is not ours is what makes diagnostics beside it ours: it goes last. */
function diagnosticsBefore(entry: LiveEntry, others: readonly LiveEntry[]): readonly LiveEntry[] {
  const [collection, id, policies] = pathKey(entry.path).split("/");
  if (collection !== "apis" || policies !== "policies") return [];
  const api = `apis/${id ?? ""}`;
  return others.filter(({ kind, path }) => kind === "diagnostic" && pathKey(path).startsWith(`${api}/`));
}

/** A role goes when nothing is left that calls the account by it: which policies do, a role assignment does not say. */
function callersBefore(entry: LiveEntry, others: readonly LiveEntry[]): readonly LiveEntry[] {
  if (entry.kind !== "roleAssignment") return [];
  return others.filter(({ kind }) => kind === "policy" || kind === "fragment");
}

function deletion(entry: LiveEntry, dependsOn: readonly string[], notes: readonly string[]): Change {
  const { kind, id, path } = entry;
  const before = shownState(kinds[kind].normalize(entry.properties), entry.document);
  const etag = etagOf(entry);
  return {
    action: "delete",
    kind,
    id,
    path,
    before,
    after: null,
    edits: [],
    diff: "",
    etag,
    drift: hasDrifted(entry) ? "service" : null,
    dependsOn,
    origin: null,
    notes,
  };
}

function deletionNotes(
  { kind, id, path }: LiveEntry,
  { service }: Model,
  live: LiveModel,
  wanted: ReadonlySet<string>,
): string[] {
  if (kind === "product") return [lostWithProduct(id, live, wanted)];
  if (live.retired?.has(pathKey(path)) === true) return ["older than what `revision.keep` keeps"];
  if (kind === "revision") return ["an apply has left it behind, and calls never got it"];
  const isGlobal = service.workspace === undefined && pathKey(path) === pathKey(globalPolicyPath);
  // Without one the gateway would forward nothing.
  return isGlobal ? ["put back to what a new service has: it forwards calls and does nothing else"] : [];
}
