/** What carries this spec's mark on the service and has left the spec, and operations that `unlisted: remove` takes away. */
import { apiPath } from "../model/kinds/api.ts";
import { kinds } from "../model/kinds/index.ts";
import { operationPath } from "../model/kinds/operation.ts";
import { referencedPaths } from "../model/references.ts";
import type { Model } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import type { Change } from "./plan.ts";

export type DeleteStep = { readonly change: Change; readonly live: LiveEntry };

/** Deletions, each after those of the resources that refer to it. What the service deletes along with a parent is left out. */
export function planDeletes(desired: Model, live: LiveModel): DeleteStep[] {
  // An API that the spec names without importing it has no resource of its own, and is no less wanted.
  const wanted = new Set(
    [...desired.resources, ...desired.apis.map(({ id }) => ({ path: apiPath(id) }))].map(({ path }) =>
      pathKey(path),
    ),
  );
  const parents = ownedParents(desired, live);
  const gone = live.entries.filter(
    (entry) => !wanted.has(pathKey(entry.path)) && isOurs(entry, desired, parents),
  );
  const doomed = [...gone, ...unlistedOperations(desired, live)];
  const byPath = new Map(doomed.map((entry) => [pathKey(entry.path), entry]));
  // The outermost ancestor that goes takes everything below along.
  const rootOf = (entry: LiveEntry): LiveEntry =>
    ancestors(entry.path).flatMap((path) => byPath.get(path) ?? [])[0] ?? entry;
  const roots = doomed.filter((entry) => rootOf(entry) === entry);
  return roots.map((entry) => {
    const users = usersOf(entry, doomed).map((user) => rootOf(user).path);
    return { change: deletion(entry, [...new Set(users)].sort(compareText)), live: entry };
  });
}

/** Paths of live APIs and products that this spec's mark makes ours, and with them what has no mark of its own. */
function ownedParents(desired: Model, live: LiveModel): Set<string> {
  const owned = live.entries.filter(
    ({ kind, owner }) => (kind === "api" || kind === "product") && owner === desired.owner,
  );
  return new Set(owned.map(({ path }) => pathKey(path)));
}

function isOurs(entry: LiveEntry, desired: Model, parents: ReadonlySet<string>): boolean {
  if (entry.kind === "operation") return false;
  if (entry.kind === "policy" || kinds[entry.kind].owner !== undefined) return entry.owner === desired.owner;
  return ancestors(entry.path).some((path) => parents.has(path));
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

function usersOf(entry: LiveEntry, others: readonly LiveEntry[]): LiveEntry[] {
  const key = pathKey(entry.path);
  return others.filter((other) => {
    const references = [
      ...kinds[other.kind].references(other.properties),
      // On the live side the id of a named value is taken to be its display name.
      ...(other.document === undefined ? [] : referencedPaths(other.document.root, (name) => name)),
    ];
    return references.some((path) => pathKey(path) === key);
  });
}

function deletion(entry: LiveEntry, dependsOn: readonly string[]): Change {
  const { kind, id, path } = entry;
  const before = { properties: kinds[kind].normalize(entry.properties) };
  const etag = entry.etag ?? null;
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
    dependsOn,
    origin: null,
    notes: [],
  };
}
