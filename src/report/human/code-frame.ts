import type { Location } from "../../core/location.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible } from "../visible.ts";
import { columns } from "./columns.ts";

const widest = 160;
const leading = 40;

/**
 * The line of a location with a caret under what is meant. Undefined when the text has no such line.
 *
 *     12 |     url: htp://contoso
 *        |          ^^^^^^^^^^^^^
 */
export function formatCodeFrame(text: string, at: Location, style: ReportStyle): string | undefined {
  const line = text.split("\n")[at.line - 1]?.replace(/\r$/, "");
  if (line === undefined) return undefined;
  const start = Math.min(at.column - 1, line.length);
  const end = endOfMark(at, line, start);
  const window = cut(line, start);
  const before = visible(line.slice(window.from, start));
  const marked = visible(line.slice(start, Math.min(end, window.to)));
  const after = visible(line.slice(Math.min(end, window.to), window.to));
  const number = String(at.line);
  const blank = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, columns(marked)));
  const indent = `${window.from > 0 ? "  " : ""}${spaceFor(before)}`;
  const { dim, red } = palette(style);
  const shown = `${window.from > 0 ? "… " : ""}${before}${marked}${after}${window.to < line.length ? " …" : ""}`;
  return `${dim(`${number} |`)} ${shown}\n${dim(`${blank} |`)} ${indent}${red(carets)}`;
}

/** Where the carets stop: the end when it is on the same line, the line's end when the range goes on below. */
function endOfMark(at: Location, line: string, start: number): number {
  if (at.endLine !== undefined && at.endLine > at.line) return line.trimEnd().length;
  return Math.min(line.length, Math.max(start + 1, (at.endColumn ?? 0) - 1));
}

/** Long lines, such as minified documents, are shown around the place only. */
function cut(line: string, start: number): { readonly from: number; readonly to: number } {
  if (line.length <= widest) return { from: 0, to: line.length };
  const from = start < widest - leading ? 0 : start - leading;
  return { from, to: Math.min(line.length, from + widest) };
}

/** White space as wide as the text: tabs stay tabs. */
function spaceFor(text: string): string {
  return text
    .split("\t")
    .map((part) => " ".repeat(columns(part)))
    .join("\t");
}
