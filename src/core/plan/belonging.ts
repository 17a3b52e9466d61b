/** Whose is a resource on the service? By its own mark where its kind has one, else by what it belongs to. */
import { apiPath } from "../model/kinds/api.ts";
import { isServiceDiagnostic } from "../model/kinds/diagnostic.ts";
import { kinds } from "../model/kinds/index.ts";
import { revisionOwner } from "../model/kinds/revision.ts";
import { policyPath } from "../model/kinds/policy.ts";
import type { Model } from "../model/resource.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";

/** Path keys of what a model makes or names. An API that it names without importing it has no resource, and is no less wanted. */
export function wantedPaths(desired: Model): ReadonlySet<string> {
  const named = desired.apis.map(({ id }) => apiPath(id));
  return new Set([...desired.resources.map(({ path }) => path), ...named].map(pathKey));
}

/**
 * Tells whether a live entry is this spec's, as it will be once the plan is carried out. `taken` are the path keys of what the plan
 * creates or adopts.
 */
export function belongsTo(
  desired: Model,
  live: LiveModel,
  taken: ReadonlySet<string>,
): (entry: LiveEntry) => boolean {
  // An API that changes in a revision is still the one that its diagnostics belong to.
  const entries = [...live.entries, ...(live.sources?.values() ?? [])];
  const marked = new Set(
    entries.filter(({ owner }) => owner === desired.owner).map(({ path }) => pathKey(path)),
  );
  const parents = new Set([...marked, ...taken]);
  const wanted = wantedPaths(desired);
  return (entry) => {
    // Nothing tells a subscription that a spec made from a customer's, whose calls would end with it.
    if (entry.kind === "operation" || entry.kind === "subscription") return false;
    // The API's description, copied with the rest, says who made the API.
    if (entry.kind === "revision") return revisionOwner(entry.properties) === desired.owner;
    if (entry.kind === "policy" || kinds[entry.kind].mark !== undefined) return entry.owner === desired.owner;
    if (isServiceDiagnostic(entry.path)) return isInTheWay(entry, marked, wanted);
    const parent = parentOf(entry.path);
    return parents.has(parent) || (entry.kind === "diagnostic" && isLeftBehind(entry, parent, marked));
  };
}

/**
 * A diagnostic on an API that the spec changed without making it: the API has our document, and the logger is ours. Left alone
 * it would keep the logger from being deleted.
 */
function isLeftBehind({ properties }: LiveEntry, api: string, marked: ReadonlySet<string>): boolean {
  const loggers = kinds.diagnostic.references(properties);
  return marked.has(pathKey(policyPath(api))) && loggers.some((logger) => marked.has(pathKey(logger)));
}

/**
 * A diagnostic of the service is nobody's, whoever made it: leaving the spec does not delete it. Only when it sends to a logger
 * of ours that goes, it goes first: the service does not delete a logger that is in use.
 */
function isInTheWay(
  { properties }: LiveEntry,
  marked: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
): boolean {
  const loggers = kinds.diagnostic.references(properties).map(pathKey);
  return loggers.some((logger) => marked.has(logger) && !wanted.has(logger));
}

/** `products/p/apis/a` → `products/p`. */
function parentOf(path: string): string {
  return pathKey(path).split("/").slice(0, -2).join("/");
}
