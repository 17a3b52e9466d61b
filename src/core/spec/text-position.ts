/** UTF-16 offsets in a text; the end is exclusive. */
export type Span = { readonly start: number; readonly end: number };

export type LineIndex = {
  /** Line and column, both from 1, of an offset; an offset beyond the text gives its end. */
  place(offset: number): { readonly line: number; readonly column: number };
};

/** Finds lines as YAML counts them: they end with LF, CR LF or a lone CR. */
export function indexLines(text: string): LineIndex {
  const starts = lineStarts(text);
  return {
    place(offset) {
      const clamped = Math.max(0, Math.min(offset, text.length));
      const within = clamped > 0 && text.startsWith("\r\n", clamped - 1) ? clamped - 1 : clamped;
      const line = lastAtMost(starts, within);
      return { line: line + 1, column: within - (starts[line] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    const isCrBeforeLf = char === carriageReturn && text.charCodeAt(at + 1) === lineFeed;
    if (char === lineFeed || (char === carriageReturn && !isCrBeforeLf)) starts.push(at + 1);
  }
  return starts;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Index of the last of the sorted numbers that is not above the limit. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? Infinity) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
