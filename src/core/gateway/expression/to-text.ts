/** A value as the gateway puts it into an attribute, a header or a body. */
import { NotSimulated, UnsupportedEvaluation } from "./errors.ts";
import type { Value } from "./values.ts";
import { formatValue } from "./format/format-value.ts";

/**
 * What .NET's `ToString()` gives in the invariant culture; null gives nothing. Throws UnsupportedEvaluation, without a place,
 * for objects of the gateway whose text is not known, such as `context` itself.
 */
export function toText(value: Value): string {
  try {
    return value === null ? "" : formatValue(value);
  } catch (error) {
    throw error instanceof NotSimulated ? new UnsupportedEvaluation(error.message, 0, 1, 1) : error;
  }
}

/** The body that a value becomes: bytes as they are, everything else as text in UTF-8. Throws as `toText` does. */
export function toBytes(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(toText(value));
}
