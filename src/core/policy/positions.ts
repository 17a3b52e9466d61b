import type { Position, Range } from "./tree.ts";

/** Turns offsets of one text into lines and columns. LF, CRLF and a lone CR end a line; a byte order mark has no column. */
export class LineIndex {
  readonly #starts: number[];
  readonly #length: number;

  constructor(source: string) {
    this.#length = source.length;
    this.#starts = [source.startsWith("\uFEFF") ? 1 : 0];
    const lineEnd = /\r\n|\r|\n/g;
    while (lineEnd.test(source)) this.#starts.push(lineEnd.lastIndex);
  }

  /** Offsets outside the text count as its nearest end. */
  position(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? Infinity) <= inside) low = middle;
      else high = middle - 1;
    }
    return { offset: inside, line: low + 1, column: Math.max(1, inside - (this.#starts[low] ?? 0) + 1) };
  }

  /** The way back; a place outside the text counts as its nearest end. */
  offset({ line, column }: { readonly line: number; readonly column: number }): number {
    const start = this.#starts[Math.max(0, line - 1)] ?? this.#length;
    return Math.min(start + Math.max(0, column - 1), this.#length);
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(Math.max(start, end)) };
  }
}
