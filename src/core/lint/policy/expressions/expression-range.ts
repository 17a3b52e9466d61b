import { decodeRun } from "../../../policy/decoded-run.ts";
import { LineIndex } from "../../../policy/positions.ts";
import type { Range } from "../../../policy/tree.ts";
import type { PlacedExpression, PolicyLintContext } from "../policy-context.ts";

const cdataStart = "<![CDATA[";
const cdataEnd = "]]>";

/** Offset in the source of each UTF-16 unit of a decoded value; `end` is where the value ends. */
type ValueMap = { readonly offsets: readonly number[]; readonly end: number };

const lineIndexes = new WeakMap<PolicyLintContext, Map<string, LineIndex>>();
const valueMaps = new WeakMap<PlacedExpression, ValueMap | "unknown">();

/**
 * Where a piece of an expression stands in the source: through entities and line ends. Offset and length count in the decoded
 * value. Undefined when there is no source, or when the value cannot be found in it as it is.
 */
export function expressionRange(
  context: PolicyLintContext,
  placed: PlacedExpression,
  offset: number,
  length: number,
): Range | undefined {
  const source = context.sourceOf(placed.place.element);
  if (source === undefined) return undefined;
  let map = valueMaps.get(placed);
  if (map === undefined) {
    map = mapValue(source, placed) ?? "unknown";
    valueMaps.set(placed, map);
  }
  if (map === "unknown") return undefined;
  const { offsets, end } = map;
  const at = (index: number) => offsets[Math.max(0, index)] ?? end;
  return lineIndexOf(context, source).range(at(offset), at(offset + length));
}

function lineIndexOf(context: PolicyLintContext, source: string): LineIndex {
  const indexes = lineIndexes.get(context) ?? new Map<string, LineIndex>();
  lineIndexes.set(context, indexes);
  const index = indexes.get(source) ?? new LineIndex(source);
  indexes.set(source, index);
  return index;
}

function mapValue(source: string, { attribute, text, value }: PlacedExpression): ValueMap | undefined {
  const range = attribute?.valueRange ?? text?.range;
  if (range === undefined) return undefined;
  let start = range.start.offset;
  let end = range.end.offset;
  if (text?.isCData === true) {
    if (!source.startsWith(cdataStart, start)) return undefined;
    start += cdataStart.length;
    end -= cdataEnd.length;
  }
  const verbatim = Array.from({ length: end - start }, (_, index) => start + index);
  const asWritten = withPlainLineEnds(source.slice(start, end), verbatim, end);
  if (asWritten.text === value) return asWritten;
  const run = decodeRun(source, start, end);
  const decoded = withPlainLineEnds(run.text, run.offsets, end);
  return decoded.text === value ? decoded : undefined;
}

/** CRLF and a lone CR count as LF, as the parser has them. */
function withPlainLineEnds(
  raw: string,
  rawOffsets: readonly number[],
  end: number,
): ValueMap & { text: string } {
  if (!raw.includes("\r")) return { text: raw, offsets: rawOffsets, end };
  const offsets: number[] = [];
  for (let index = 0; index < raw.length; index += 1) {
    offsets.push(rawOffsets[index] ?? end);
    if (raw.charAt(index) === "\r" && raw.charAt(index + 1) === "\n") index += 1;
  }
  return { text: raw.replace(/\r\n?/g, "\n"), offsets, end };
}
