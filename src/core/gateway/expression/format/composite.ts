/** `String.Format` and the holes of interpolated strings. */
import { formatException } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import type { Value } from "../values.ts";
import { formatValue } from "./format-value.ts";

/** One hole: the value as text, padded to a width; negative widths pad on the right. */
export function formatHole(value: Value, alignment: number, format: string, ev: Evaluation): string {
  const text = value === null ? "" : formatValue(value, format);
  const width = Math.abs(alignment);
  if (width <= text.length) return text;
  ev.allocate(width);
  return alignment < 0 ? text.padEnd(width) : text.padStart(width);
}

const part = /\{\{|\}\}|\{(\d{1,6})\s*(?:,\s*(-?\d{1,6})\s*)?(?::([^{}]*))?\}|[{}]|[^{}]+/g;

/** Puts values into `{0}`, `{1,5}`, `{2:N2}`; FormatException for braces that fit nothing and indexes out of range. */
export function formatComposite(format: string, args: readonly Value[], ev: Evaluation): string {
  let text = "";
  for (const [whole, index, alignment, hole] of format.matchAll(part)) {
    if (whole === "{{" || whole === "}}") text += whole.charAt(0);
    else if (whole === "{" || whole === "}") throw formatException();
    else if (index === undefined) text += whole;
    else {
      const value = args[Number(index)];
      if (value === undefined) {
        throw formatException(
          "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.",
        );
      }
      text += formatHole(value, Number(alignment ?? "0"), hole ?? "", ev);
    }
  }
  return ev.text(text);
}
