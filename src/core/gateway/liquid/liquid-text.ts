/** What a value prints: .NET's text, with booleans in lower case as DotLiquid has them. */
import { formatValue } from "../expression/format/format-value.ts";
import { NumberValue } from "../expression/values.ts";
import { LiquidRefusal } from "./liquid-refusal.ts";
import { LiquidDate } from "./liquid-values.ts";

/** Lists print their items one after the other; what objects print is not known, and refused. */
export function liquidText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? String(value) : formatValue(new NumberValue("double", value));
  }
  if (value instanceof LiquidDate) return formatValue(LiquidDate.dateOf(value));
  if (Array.isArray(value)) return value.map((item: unknown) => liquidText(item)).join("");
  throw new LiquidRefusal("what the text of an object or an element with others in it is, is not known");
}
