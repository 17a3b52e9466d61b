import { field, fields, items, type Place } from "./yaml-node.ts";

/** The operations of all APIs. */
export function operationsOf(root: Place): Place[] {
  return fields(field(root, "apis")).flatMap((api) => fields(field(api, "operations")));
}

/** Where an operation's calls go: by what it says itself, and by what it says of single models. */
export function routesOf(operation: Place): Place[] {
  return [operation, ...fields(field(operation, "models")).filter(({ node }) => node.kind === "map")];
}

/** What a request goes to next, in either way of writing it: a list, or a map with `to`. */
export function fallbackTargets(route: Place): Place[] {
  const fallback = field(route, "fallback");
  return fallback?.node.kind === "map" ? items(field(fallback, "to")) : items(fallback);
}
