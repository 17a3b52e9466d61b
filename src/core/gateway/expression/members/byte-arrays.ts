/** Arrays of bytes made of values. */
import { NotSimulated } from "../errors.ts";
import { isNumeric, toNumber } from "../numbers.ts";
import type { Value } from "../values.ts";

/** Bytes of numbers; refuses anything else. */
export function toBytesArray(items: readonly Value[]): Uint8Array {
  return Uint8Array.from(items, (item) => {
    if (isNumeric(item)) return toNumber(item);
    throw new NotSimulated("An array of bytes holds bytes only.");
  });
}
