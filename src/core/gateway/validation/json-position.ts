/** Where a value stands in JSON text, as Newtonsoft's reader counts: lines from 1, positions behind what has been read. */

export type JsonPosition = { readonly line: number; readonly position: number };

/** Behind the bracket of a list or object, behind any other value. `pointer` leads to the value. */
export function jsonPosition(text: string, pointer: readonly string[]): JsonPosition {
  const scanner = new Scanner(text);
  return scanner.placeOf(scanner.find(pointer) ?? 0);
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  placeOf(offset: number): JsonPosition {
    const before = this.#text.slice(0, offset).split(/\r\n|\r|\n/);
    return { line: before.length, position: before.at(-1)?.length ?? 0 };
  }

  /** The offset behind the value's start; undefined when the text is not what the pointer thinks. */
  find(pointer: readonly string[]): number | undefined {
    for (const key of pointer) {
      this.#skipSpace();
      const open = this.#text[this.#at];
      if (open !== "{" && open !== "[") return undefined;
      this.#at += 1;
      if (!(open === "{" ? this.#enterMember(key) : this.#enterItem(Number(key)))) return undefined;
    }
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === "{" || first === "[") return this.#at + 1;
    this.#skipValue();
    return this.#at;
  }

  /** Of equal names the last one counts, as in what was parsed. */
  #enterMember(wanted: string): boolean {
    let found: number | undefined;
    for (;;) {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') break;
      const name = this.#readText();
      this.#skipSpace();
      this.#at += 1;
      if (name === wanted) found = this.#at;
      this.#skipValue();
      this.#skipSpace();
      if (this.#text[this.#at] !== ",") break;
      this.#at += 1;
    }
    if (found === undefined) return false;
    this.#at = found;
    return true;
  }

  #enterItem(wanted: number): boolean {
    for (let index = 0; index < wanted; index += 1) {
      this.#skipValue();
      this.#skipSpace();
      if (this.#text[this.#at] !== ",") return false;
      this.#at += 1;
    }
    return true;
  }

  /** Over a whole value, however deep, without going deep itself. */
  #skipValue(): void {
    let depth = 0;
    do {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined) return;
      if (character === '"') this.#readText();
      else if (character === "{" || character === "[") {
        depth += 1;
        this.#at += 1;
      } else if (character === "}" || character === "]") {
        depth -= 1;
        this.#at += 1;
      } else if (character === "," || character === ":") this.#at += 1;
      else this.#at += /[^\s,:[\]{}"]*/y.exec(this.#text.slice(this.#at, this.#at + 100))?.[0].length ?? 1;
    } while (depth > 0);
  }

  #readText(): string {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    this.#at += 1;
    const written = this.#text.slice(start, this.#at);
    if (!written.includes("\\")) return written.slice(1, -1);
    const value: unknown = JSON.parse(written);
    return typeof value === "string" ? value : "";
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
