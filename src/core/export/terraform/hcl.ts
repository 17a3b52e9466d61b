/** HCL as text, laid out as `terraform fmt` lays it out. */

export type Hcl =
  | { readonly type: "string"; readonly parts: readonly HclPart[] }
  /** A reference or a call, as it is written. */
  | { readonly type: "expression"; readonly text: string }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Hcl[] }
  | { readonly type: "plain"; readonly value: number | boolean | null }
  | { readonly type: "list"; readonly items: readonly Hcl[] }
  | { readonly type: "object"; readonly members: readonly (readonly [string, Hcl])[] };

/** Text as it is, or an expression whose value is put there. */
export type HclPart = string | { readonly expression: string };

export type HclBody = readonly HclItem[];
export type HclItem =
  | { readonly type: "attribute"; readonly name: string; readonly value: Hcl }
  | HclBlock
  /** An empty line. */
  | { readonly type: "gap" };
export type HclBlock = {
  readonly type: "block";
  readonly name: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
};

export const gap: HclItem = { type: "gap" };

export function attribute(name: string, value: Hcl): HclItem {
  return { type: "attribute", name, value };
}

export function hclBlock(name: string, labels: readonly string[], body: HclBody): HclBlock {
  return { type: "block", name, labels, body };
}

export function hclText(...parts: readonly HclPart[]): Hcl {
  return { type: "string", parts };
}

export function hclExpression(text: string): Hcl {
  return { type: "expression", text };
}

export function hclCall(name: string, args: readonly Hcl[]): Hcl {
  return { type: "call", name, args };
}

export function hclPlain(value: number | boolean | null): Hcl {
  return { type: "plain", value };
}

/** Top-level blocks, an empty line between them. */
export function printHcl(comment: readonly string[], blocks: readonly HclBlock[]): string {
  const head = comment.map((line) => `# ${line}`).join("\n");
  return `${[head, ...blocks.map((each) => printBlock(each, 0))].join("\n\n")}\n`;
}

function printBlock({ name, labels, body }: HclBlock, depth: number): string {
  const head = [name, ...labels.map((label) => printString([label])), "{"].join(" ");
  if (body.length === 0) return `${head}}`;
  return [head, ...printBody(body, depth + 1), `${indentOf(depth)}}`].join("\n");
}

/** Attributes on consecutive lines that fit on one each have their signs below each other. */
function printBody(body: HclBody, depth: number): string[] {
  const rows = body.map((item): Row => {
    if (item.type === "gap") return { text: "" };
    if (item.type === "block") return { text: printBlock(item, depth) };
    return { name: item.name, text: printValue(item.value, depth) };
  });
  return printRows(rows, depth);
}

type Row = { readonly name?: string; readonly text: string };

function printRows(rows: readonly Row[], depth: number): string[] {
  const indent = indentOf(depth);
  return rows.map((row, index) => {
    if (row.name === undefined) return row.text === "" ? "" : `${indent}${row.text}`;
    const width = isOneLine(row) ? widthAround(rows, index) : row.name.length;
    return `${indent}${row.name.padEnd(width)} = ${row.text}`;
  });
}

/** The longest name of the run of one-line attributes that this one stands in. */
function widthAround(rows: readonly Row[], index: number): number {
  let [first, last] = [index, index];
  while (isOneLine(rows[first - 1])) first -= 1;
  while (isOneLine(rows[last + 1])) last += 1;
  return Math.max(...rows.slice(first, last + 1).map(({ name = "" }) => name.length));
}

function isOneLine(row: Row | undefined): boolean {
  return row?.name !== undefined && !row.text.includes("\n");
}

function printValue(value: Hcl, depth: number): string {
  switch (value.type) {
    case "string":
      return printString(value.parts);
    case "expression":
      return value.text;
    case "call":
      return `${value.name}(${value.args.map((arg) => printValue(arg, depth)).join(", ")})`;
    case "plain":
      return String(value.value);
    case "list": {
      if (value.items.length === 0) return "[]";
      const indent = indentOf(depth + 1);
      const items = value.items.map((item) => `${indent}${printValue(item, depth + 1)},`);
      return ["[", ...items, `${indentOf(depth)}]`].join("\n");
    }
    case "object": {
      if (value.members.length === 0) return "{}";
      const rows = value.members.map(([key, member]) => ({
        name: hclKey(key),
        text: printValue(member, depth + 1),
      }));
      return ["{", ...printRows(rows, depth + 1), `${indentOf(depth)}}`].join("\n");
    }
  }
}

/** A quoted template; `${` and `%{` would begin an expression or a directive. */
function printString(parts: readonly HclPart[]): string {
  const written = parts.map((part) =>
    typeof part === "string" ? escapeText(part) : `\${${part.expression}}`,
  );
  return `"${written.join("")}"`;
}

function escapeText(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/([$%])\{/g, "$1$1{")
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u${hexadecimal(character)}`);
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
}

/** A key that is a word stands as it is; others are quoted. */
function hclKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : printString([key]);
}

function indentOf(depth: number): string {
  return "  ".repeat(depth);
}
