import { field, fields, items, type Place } from "./yaml-node.ts";

/** The operations of all APIs. */
export function operationsOf(root: Place): Place[] {
  return fields(field(root, "apis")).flatMap((api) => fields(field(api, "operations")));
}

/** What a request goes to next, in either way of writing it: a list, or a map with `to`. */
export function fallbackTargets(operation: Place): Place[] {
  const fallback = field(operation, "fallback");
  return fallback?.node.kind === "map" ? items(field(fallback, "to")) : items(fallback);
}
