import { startsAsExpression } from "./expression/scan.ts";
import type { Span } from "./mask.ts";
import { decodeReferences, normalizeLineEnds } from "./xml-text.ts";

/** Values by their place in the source: entities resolved, but for the expressions that stand there verbatim. */
export class SourceValues {
  readonly #source: string;
  readonly #expressions: readonly Span[];
  #next = 0;

  constructor(source: string, expressions: readonly Span[]) {
    this.#source = source;
    this.#expressions = expressions;
  }

  /** Reading an attribute turns line ends into spaces, by XML's rules; C# needs them to end its comments. */
  attribute(start: number, end: number): string {
    const value = this.text(start, end);
    const raw = this.#source.slice(start, end);
    if (!/[\n\t\r]/.test(raw) || startsAsExpression(value)) return value;
    return decodeReferences(normalizeLineEnds(raw).replace(/[\n\t]/g, " "));
  }

  /** Character data, with line ends as LF. Stretches must be asked for in the order of the source. */
  text(start: number, end: number): string {
    let value = "";
    let at = start;
    for (let next = this.#expressions[this.#next]; next !== undefined && next.start < end;) {
      value += decodeReferences(normalizeLineEnds(this.#source.slice(at, next.start)));
      value += normalizeLineEnds(this.#source.slice(next.start, next.end));
      at = next.end;
      this.#next += 1;
      next = this.#expressions[this.#next];
    }
    return value + decodeReferences(normalizeLineEnds(this.#source.slice(at, end)));
  }
}
