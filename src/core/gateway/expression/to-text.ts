/** A value as the gateway puts it into an attribute, a header or a body. */
import type { Value } from "./values.ts";
import { formatValue } from "./format/format-value.ts";

/** What .NET's `ToString()` gives in the invariant culture; null gives nothing. */
export function toText(value: Value): string {
  return value === null ? "" : formatValue(value);
}

/** The body that a value becomes: bytes as they are, everything else as text in UTF-8. */
export function toBytes(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(toText(value));
}
