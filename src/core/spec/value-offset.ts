import type { ScalarStyle, YamlScalar } from "./yaml-node.ts";

/**
 * Where a character of a scalar's value stands in the file: an offset in the value to an offset in the text. Undefined
 * where that cannot be said exactly: quoted strings over several lines.
 */
export function valueOffset(text: string, scalar: YamlScalar, offset: number): number | undefined {
  const written = writtenOffset(scalar, offset);
  return textOffset(text, scalar, written);
}

/** Undoes variables: an offset in the value to one in what was written. Inside a variable's value: its `${`. */
function writtenOffset(scalar: YamlScalar, offset: number): number {
  if (!scalar.origin) return offset;
  if ("flag" in scalar.origin) return 0;
  const piece = scalar.origin.variables.findLast(({ at }) => at <= offset);
  if (!piece) return offset;
  return piece.isVariable ? piece.from : piece.from + (offset - piece.at);
}

/** Undoes quoting, escapes, indentation and folding: an offset in what the scalar says to one in the file. */
export function textOffset(text: string, scalar: YamlScalar, offset: number): number | undefined {
  const { content, style, start, end } = scalar;
  if (!content) return Math.min(start + offset + (style === "plain" ? 0 : 1), end);
  const region = text.slice(content.start, content.end);
  const within = decoders[style](region, offset, scalar.text, content.indent);
  return within === undefined ? undefined : content.start + within;
}

type Decoder = (region: string, offset: number, said: string, indent: number) => number | undefined;

const decoders: Record<ScalarStyle, Decoder> = {
  plain: alignFolded,
  folded: alignFolded,
  literal: alignLiteral,
  single: (region, offset) => walkUnits(region, offset, /''|[^]/y),
  double: (region, offset) => walkUnits(region, offset, /\\(?:x..|u.{4}|U.{8}|[^])|[^]/y),
};

/** One unit of a one-line quoted string after the other: an escape makes one character, except `\U` beyond the BMP. */
function walkUnits(region: string, offset: number, unit: RegExp): number | undefined {
  if (/[\r\n]/.test(region)) return undefined;
  unit.lastIndex = 0;
  for (let said = 0; said < offset; said++) {
    const start = unit.lastIndex;
    const found = unit.exec(region);
    if (!found) return region.length;
    if (found[0].startsWith("\\U") && Number.parseInt(found[0].slice(2), 16) > 0xffff && ++said === offset)
      return start;
  }
  return unit.lastIndex;
}

/** Lines of a literal block stand in the file one by one, only further in. */
function alignLiteral(region: string, offset: number, said: string, indent: number): number {
  const lines = said.slice(0, offset).split("\n");
  const lineBreak = /\r\n?|\n/g;
  let lineStart = 0;
  for (let line = 1; line < lines.length; line++) {
    if (!lineBreak.exec(region)) return region.length;
    lineStart = lineBreak.lastIndex;
  }
  const lineLength = /^[^\r\n]*/.exec(region.slice(lineStart))?.[0].length ?? 0;
  return lineStart + Math.min(Math.max(0, indent) + (lines.at(-1)?.length ?? 0), lineLength);
}

/** Folding changes white space only, so the n-th visible character of the value is the n-th in the file. */
function alignFolded(region: string, offset: number, said: string): number {
  const visibleBefore = said.slice(0, offset).replace(/\s/g, "").length;
  const visible = /\S/g;
  if (/\S/.test(said.charAt(offset))) return nthMatch(region, visible, visibleBefore + 1).start;
  const before = nthMatch(region, visible, visibleBefore).end;
  const trailing = offset - said.slice(0, offset).trimEnd().length;
  return Math.min(before + trailing, region.length);
}

function nthMatch(region: string, pattern: RegExp, count: number): { start: number; end: number } {
  let end = 0;
  let start = 0;
  for (let found = 0; found < count; found++) {
    const match = pattern.exec(region);
    if (!match) return { start: region.length, end: region.length };
    start = match.index;
    end = start + match[0].length;
  }
  return { start, end };
}
