/** Stretches of lines, both ends inclusive, that can be asked whether one of them holds a line. */
export class LineSpans {
  readonly #starts: readonly number[];
  /** For each stretch, the furthest end of it and those before. */
  readonly #ends: readonly number[];

  constructor(spans: readonly { readonly from: number; readonly to: number }[]) {
    const sorted = spans.toSorted((a, b) => a.from - b.from);
    let furthest = -Infinity;
    this.#starts = sorted.map(({ from }) => from);
    this.#ends = sorted.map(({ to }) => (furthest = Math.max(furthest, to)));
  }

  holds(line: number): boolean {
    return (this.#ends[countUpTo(this.#starts, line) - 1] ?? -Infinity) >= line;
  }
}

/** How many numbers of a sorted list are not above a limit. */
export function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
