/** How much work a call may be, before it is done. */
import { JArrayValue, JObjectValue } from "../json/json-values.ts";
import { ArrayValue, DictionaryValue, HashSetValue, ListValue, StringBuilderValue } from "../values.ts";
import type { Value } from "../values.ts";
import { XContainerValue } from "../xml/xml-values.ts";

/** Steps for looking through a value once; none for small ones, which are nearly all. */
export function stepsOver(value: Value): number {
  if (typeof value === "string") return value.length >> 8;
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Uint8Array) return value.length >> 8;
  if (value instanceof ArrayValue || value instanceof ListValue) return value.items.length >> 6;
  if (value instanceof StringBuilderValue) return value.text.length >> 8;
  if (value instanceof DictionaryValue || value instanceof HashSetValue) return value.entries.size >> 6;
  if (value instanceof JObjectValue) return value.count >> 4;
  if (value instanceof JArrayValue) return value.items.length >> 4;
  return value instanceof XContainerValue ? value.children.length >> 4 : 0;
}
