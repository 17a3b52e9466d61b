/** Conditions that lambdas give. */
import { NotSimulated } from "../errors.ts";
import { typeNameOf } from "../type-names.ts";
import type { Value } from "../values.ts";

/** The value of a predicate, which must be bool. */
export function isTruthy(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new NotSimulated(
    `A predicate must give bool; this one gives ${value === null ? "null" : typeNameOf(value)}.`,
  );
}
