/**
 * Which key of the spec an element was written for, kept in a table beside the trees: a place in a compiled document can so be
 * traced back to the line that caused it. What people wrote themselves is traced by `handWritten`.
 */
import type { PolicyElement } from "../policy/tree.ts";
import { pointer } from "../spec/source.ts";

/** A place in the spec: a key, or the value beside it. */
export type SpecKey = { readonly pointer: string; readonly part: "key" | "value" };

/** Notes that the element was written for the entry at `path`, and gives it back. */
export type WrittenFor = (
  element: PolicyElement,
  part: SpecKey["part"],
  ...path: readonly (string | number)[]
) => PolicyElement;

/** For builders whose caller does not want to know. */
export const unrecorded: WrittenFor = (element) => element;

/** Records into the table; paths count from `base`, a JSON pointer. */
export function recordBelow(table: Map<PolicyElement, SpecKey>, base: string): WrittenFor {
  return (element, part, ...path) => {
    table.set(element, { pointer: `${base}${pointer(...path)}`, part });
    return element;
  };
}
