/** What carries this spec's mark on the service and has left the spec, and operations that `unlisted: remove` takes away. */
import { kinds } from "../model/kinds/index.ts";
import { operationPath } from "../model/kinds/operation.ts";
import { globalPolicyPath } from "../model/kinds/policy.ts";
import type { Model } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { belongsTo, wantedPaths } from "./belonging.ts";
import { hasDrifted } from "./content.ts";
import { isExpected } from "./expected.ts";
import { namedValueIds, referencesOf } from "./live-references.ts";
import { etagOf, pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import type { Change } from "./plan.ts";
import { shownState } from "./state-diff.ts";
import { lostWithProduct } from "./subscriptions.ts";

export type DeleteStep = { readonly change: Change; readonly live: LiveEntry };

/** Deletions, each after those of the resources that refer to it. What the service deletes along with a parent is left out. */
export function planDeletes(desired: Model, live: LiveModel, taken: ReadonlySet<string>): DeleteStep[] {
  const wanted = wantedPaths(desired);
  const isOurs = belongsTo(desired, live, taken);
  const isNamed = (entry: LiveEntry): boolean => desired.expected.some((each) => isExpected(each, entry));
  const gone = live.entries.filter(
    (entry) => !wanted.has(pathKey(entry.path)) && isOurs(entry) && !isNamed(entry),
  );
  const doomed = [...gone, ...unlistedOperations(desired, live)];
  const byPath = new Map(doomed.map((entry) => [pathKey(entry.path), entry]));
  // The outermost ancestor that goes takes everything below along.
  const rootOf = (entry: LiveEntry): LiveEntry =>
    ancestors(entry.path).flatMap((path) => byPath.get(path) ?? [])[0] ?? entry;
  const roots = doomed.filter((entry) => rootOf(entry) === entry);
  const users = findUsers(doomed, live);
  return roots.map((entry) => {
    const before = [
      ...(users.get(pathKey(entry.path)) ?? []),
      ...diagnosticsBefore(entry, doomed),
      ...callersBefore(entry, doomed),
    ];
    const paths = new Set(before.map((other) => rootOf(other).path));
    const notes = deletionNotes(entry, live, wanted);
    return { change: deletion(entry, [...paths].sort(compareText), notes), live: entry };
  });
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
  live: LiveModel,
  wanted: ReadonlySet<string>,
): string[] {
  if (kind === "product") return [lostWithProduct(id, live, wanted)];
  if (kind === "revision") return ["an apply has left it behind, and calls never got it"];
  const isGlobal = pathKey(path) === pathKey(globalPolicyPath);
  // Without one the gateway would forward nothing.
  return isGlobal ? ["put back to what a new service has: it forwards calls and does nothing else"] : [];
}
