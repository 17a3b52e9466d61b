/** Literals of C#: numbers, characters and the three kinds of strings. */
import { parseDecimal } from "../decimals.ts";
import { isWithin, wrapInteger } from "../numbers.ts";
import { CharValue, DecimalValue, NumberValue } from "../values.ts";
import type { Value } from "../values.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { refuse } from "./compiler.ts";

/** An integer with its suffix: the first of int, uint, long, ulong that it fits. */
export function integerLiteral(text: string, node: CSharpNode): Value {
  const [, digits = "", suffix = ""] = /^(0[xX][\da-fA-F_]+|0[bB][01_]+|[\d_]+)([uUlL]*)$/.exec(text) ?? [];
  const plain = digits.replaceAll("_", "");
  if (plain === "") refuse(node, "This is no number.");
  const value = BigInt(plain);
  const [isUnsigned, isLong] = [/u/i.test(suffix), /l/i.test(suffix)];
  const types = isLong ? ["long", "ulong"] : ["int", "uint", "long", "ulong"];
  const type = types.find((name) => isWithin(name, value) && (!isUnsigned || name.startsWith("u")));
  return type === undefined ? refuse(node, "The number is too large.") : wrapInteger(type, value);
}

export function realLiteral(text: string, node: CSharpNode): Value {
  const suffix = text.at(-1)?.toLowerCase() ?? "";
  const digits = (/[fdm]/.test(suffix) ? text.slice(0, -1) : text).replaceAll("_", "");
  if (suffix === "m") return parseDecimal(digits) ?? new DecimalValue(0n, 0);
  const value = Number(digits);
  if (Number.isNaN(value)) refuse(node, "This is no number.");
  return suffix === "f" ? new NumberValue("float", Math.fround(value)) : new NumberValue("double", value);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  ...{
    "'": "'",
    '"': '"',
    "\\": "\\",
    "0": "\0",
    a: "\x07",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
    v: "\v",
  },
};
const escape = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{1,4})|([^]))/g;

/** The content of a regular string or character, escapes resolved. */
export function unescapeText(content: string, node: CSharpNode): string {
  return content.replace(escape, (_, four?: string, eight?: string, hex?: string, other?: string) => {
    const digits = four ?? eight ?? hex;
    if (digits !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(digits, 16), 0x10ffff));
    return simpleEscapes[other ?? ""] ?? refuse(node, `\\${other ?? ""} is no escape sequence.`);
  });
}

export function stringLiteral(text: string, node: CSharpNode): string {
  if (text.startsWith("@")) return text.slice(2, -1).replaceAll('""', '"');
  return unescapeText(text.slice(1, -1), node);
}

export function characterLiteral(text: string, node: CSharpNode): Value {
  const content = unescapeText(text.slice(1, -1), node);
  return content.length === 1
    ? new CharValue(content.charCodeAt(0))
    : refuse(node, "A character literal holds one character.");
}
