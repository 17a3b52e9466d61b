/** Reads the HCL that export writes: blocks, attributes, quoted templates, lists, objects, references, file(). */
import { plainText } from "./deploy.ts";

export type HclExpression =
  | { readonly type: "text"; readonly parts: readonly (string | HclExpression)[] }
  | { readonly type: "plain"; readonly value: number | boolean | null }
  | { readonly type: "list"; readonly items: readonly HclExpression[] }
  | { readonly type: "object"; readonly members: readonly (readonly [string, HclExpression])[] }
  /** `var.x`, `azapi_resource.a.id`. */
  | { readonly type: "reference"; readonly path: readonly string[] }
  | { readonly type: "call"; readonly name: string; readonly args: readonly HclExpression[] };

export type ReadBlock = {
  readonly name: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, HclExpression>;
  readonly blocks: readonly ReadBlock[];
};

/** The blocks of a file. Throws with the line for whatever export does not write. */
export function parseHcl(source: string): ReadBlock[] {
  return new HclParser(source).file();
}

/** The value of a quoted string without expressions. */
export function readHclString(literal: string): string {
  const [block] = parseHcl(`locals {\n  x = ${literal}\n}\n`);
  const value = block?.attributes.get("x");
  if (value?.type !== "text") throw new Error(`no string: ${literal}`);
  return plainText(value.parts);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class HclParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  file(): ReadBlock[] {
    const blocks: ReadBlock[] = [];
    for (;;) {
      this.#skipLayout();
      if (this.#at === this.#source.length) return blocks;
      blocks.push(this.#block(this.#need(/[a-z_]+/y)));
    }
  }

  #block(name: string): ReadBlock {
    const labels: string[] = [];
    while (this.#takes(/ "/y)) {
      labels.push(plainText(this.#string().parts));
    }
    this.#need(/ \{/y);
    const attributes = new Map<string, HclExpression>();
    const blocks: ReadBlock[] = [];
    if (this.#takes(/\}/y)) return { name, labels, attributes, blocks };
    for (;;) {
      this.#skipLayout();
      if (this.#takes(/ *\}/y)) return { name, labels, attributes, blocks };
      this.#takes(/ +/y);
      const key = this.#need(/[a-z_]+/y);
      if (!this.#takes(/ *= /y)) blocks.push(this.#block(key));
      else if (attributes.has(key)) throw this.#error(`${key} is set twice`);
      else attributes.set(key, this.#expression());
      this.#need(/\n/y);
    }
  }

  #expression(): HclExpression {
    if (this.#takes(/"/y)) return this.#string();
    if (this.#takes(/\[/y)) return { type: "list", items: this.#lines(/\]/y, () => this.#item()) };
    if (this.#takes(/\{/y)) return { type: "object", members: this.#lines(/\}/y, () => this.#member()) };
    const number = this.#match(/-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return { type: "plain", value: Number(number) };
    const name = this.#need(/[A-Za-z_][A-Za-z0-9_-]*/y);
    if (name === "true" || name === "false") return { type: "plain", value: name === "true" };
    if (name === "null") return { type: "plain", value: null };
    if (this.#takes(/\(/y)) {
      const args = [this.#expression()];
      while (this.#takes(/, /y)) args.push(this.#expression());
      this.#need(/\)/y);
      return { type: "call", name, args };
    }
    const path = [name];
    for (;;) {
      const index = this.#match(/\[\d+\]/y);
      if (index !== undefined) path.push(index);
      else if (this.#takes(/\./y)) path.push(this.#need(/[A-Za-z_][A-Za-z0-9_-]*/y));
      else break;
    }
    return { type: "reference", path };
  }

  #item(): HclExpression {
    const item = this.#expression();
    this.#need(/,/y);
    return item;
  }

  #member(): [string, HclExpression] {
    const key = this.#takes(/"/y) ? plainText(this.#string().parts) : this.#need(/[A-Za-z_][A-Za-z0-9_-]*/y);
    this.#need(/ *= /y);
    return [key, this.#expression()];
  }

  #lines<T>(close: RegExp, read: () => T): T[] {
    const items: T[] = [];
    if (this.#takes(close)) return items;
    for (;;) {
      this.#need(/\n */y);
      if (this.#takes(close)) return items;
      items.push(read());
    }
  }

  #string(): Extract<HclExpression, { type: "text" }> {
    const parts: (string | HclExpression)[] = [];
    for (let text = ""; ;) {
      if (this.#takes(/"/y)) return { type: "text", parts: text === "" ? parts : [...parts, text] };
      const sign = this.#match(/\$\$\{|%%\{/y);
      if (sign !== undefined) text += sign.slice(1);
      else if (this.#takes(/\$\{/y)) {
        parts.push(...(text === "" ? [] : [text]), this.#expression());
        text = "";
        this.#need(/\}/y);
      } else if (this.#takes(/%\{/y)) throw this.#error("a directive");
      else if (this.#takes(/\\u/y)) text += String.fromCharCode(parseInt(this.#need(/[0-9a-f]{4}/y), 16));
      else if (this.#takes(/\\/y)) text += escapes[this.#need(/[nrt"\\]/y)] ?? "";
      else text += this.#need(/[^\n\r]/uy);
    }
  }

  #skipLayout(): void {
    while (this.#takes(/\n+/y) || this.#takes(/#[^\n]*/y));
  }

  #takes(pattern: RegExp): boolean {
    return this.#match(pattern) !== undefined;
  }

  #need(pattern: RegExp): string {
    const found = this.#match(pattern);
    if (found === undefined) throw this.#error(`${String(pattern)} expected`);
    return found;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #error(message: string): Error {
    const line = this.#source.slice(0, this.#at).split("\n").length;
    return new Error(`HCL, line ${line}: ${message} at ${this.#source.slice(this.#at, this.#at + 60)}`);
  }
}
