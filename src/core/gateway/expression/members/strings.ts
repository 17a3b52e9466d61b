/** Members of strings. Comparisons are ordinal unless a StringComparison says otherwise. */
import { areSame, compareText } from "../equality.ts";
import { argumentOutOfRange, exception } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { isNumeric } from "../numbers.ts";
import { itemsOf, stringArray } from "../sequences.ts";
import { ArrayValue, CharValue, EnumValue } from "../values.ts";
import type { Value } from "../values.ts";
import { comparerOf } from "./comparers.ts";
import { defineMembers, isString } from "./registry.ts";
import type { Args } from "./registry.ts";

/** A string or character argument as text. */
export function textArgument(args: Args, index: number, parameter = "value"): string {
  const value = args.at(index);
  return value instanceof CharValue ? String.fromCharCode(value.code) : args.text(index, parameter);
}

function ignoresCase(args: Args): boolean {
  return args.values.some((value) => comparerOf(value)?.ignoresCase === true);
}

/** Texts as they are compared under the arguments of a call. */
function folded(text: string, args: Args): string {
  return ignoresCase(args) ? text.toUpperCase() : text;
}

function indexOf(text: string, args: Args): number {
  const start = startOf(args, 0);
  if (start > text.length || start < 0)
    throw argumentOutOfRange(
      "startIndex",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  const found = folded(text, args).indexOf(folded(textArgument(args, 0), args), start);
  const count = isNumeric(args.at(2)) ? args.int(2) : Infinity;
  return found !== -1 && found - start < count ? found : -1;
}

function startOf(args: Args, otherwise: number): number {
  return isNumeric(args.at(1)) ? args.int(1) : otherwise;
}

function lastIndexOf(text: string, args: Args): number {
  const wanted = folded(textArgument(args, 0), args);
  const end = startOf(args, text.length - 1);
  return folded(text, args).lastIndexOf(wanted, end - wanted.length + 1);
}

function substring(text: string, args: Args): string {
  const start = args.int(0);
  const length = args.count > 1 ? args.int(1) : text.length - start;
  if (start < 0) throw argumentOutOfRange("startIndex", "StartIndex cannot be less than zero.");
  if (start > text.length)
    throw argumentOutOfRange("startIndex", "startIndex cannot be larger than length of string.");
  if (length < 0) throw argumentOutOfRange("length", "Length cannot be less than zero.");
  if (start + length > text.length) {
    throw argumentOutOfRange("length", "Index and length must refer to a location within the string.");
  }
  return text.slice(start, start + length);
}

function remove(text: string, args: Args): string {
  const start = args.int(0);
  const count = args.count > 1 ? args.int(1) : text.length - start;
  if (start < 0) throw argumentOutOfRange("startIndex", "StartIndex cannot be less than zero.");
  if (count < 0) throw argumentOutOfRange("count", "Count cannot be less than zero.");
  if (args.count === 1 && start >= text.length)
    throw argumentOutOfRange("startIndex", "startIndex must be less than length of string.");
  if (start + count > text.length) {
    throw argumentOutOfRange("count", "Index and count must refer to a location within the string.");
  }
  return text.slice(0, start) + text.slice(start + count);
}

/** The separators of Split and the characters of Trim: given one by one, or as an array. */
function pieces(args: Args): string[] {
  return args.values.flatMap((value): string[] => {
    if (value instanceof CharValue) return [String.fromCharCode(value.code)];
    if (typeof value === "string") return [value];
    if (!(value instanceof ArrayValue)) return [];
    return value.items.flatMap((item) =>
      item instanceof CharValue
        ? [String.fromCharCode(item.code)]
        : typeof item === "string" && item !== ""
          ? [item]
          : [],
    );
  });
}

function split(text: string, args: Args): Value {
  const separators = pieces(args);
  const count = args.values.find((value) => typeof value === "number");
  const drops = args.values.some(
    (value) => value instanceof EnumValue && value.name === "RemoveEmptyEntries",
  );
  const limit = typeof count === "number" ? count : Infinity;
  if (limit < 0) throw argumentOutOfRange("count");
  if (limit === 0) return stringArray([]);
  const parts = splitText(text, separators, limit, drops);
  args.ev.allocate(text.length + parts.length);
  return stringArray(drops ? parts.filter((part) => part !== "") : parts);
}

function splitText(text: string, separators: readonly string[], limit: number, drops: boolean): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length && parts.length < limit - 1;) {
    const length = separatorAt(text, at, separators);
    if (length === 0) at += 1;
    else {
      if (!drops || at > start) parts.push(text.slice(start, at));
      at += length;
      start = at;
    }
  }
  const rest = text.slice(start);
  // The last of a limited number of parts begins with no separator where empty parts are dropped.
  return [...parts, drops && parts.length === limit - 1 ? withoutLeading(rest, separators) : rest];
}

function withoutLeading(text: string, separators: readonly string[]): string {
  let at = 0;
  for (let length = separatorAt(text, at, separators); length > 0; length = separatorAt(text, at, separators))
    at += length;
  return text.slice(at);
}

/** Without separators white space divides. */
function separatorAt(text: string, at: number, separators: readonly string[]): number {
  if (separators.length === 0) return /\s/.test(text.charAt(at)) ? 1 : 0;
  return separators.find((separator) => separator !== "" && text.startsWith(separator, at))?.length ?? 0;
}

function replace(text: string, args: Args): string {
  const from = textArgument(args, 0, "oldValue");
  const to = args.at(1) instanceof CharValue ? textArgument(args, 1) : (args.textOrNull(1) ?? "");
  if (from === "")
    throw exception("ArgumentException", "String cannot be of zero length.\r\nParameter name: oldValue");
  const parts = text.split(from);
  args.ev.allocate(text.length + parts.length * to.length);
  return parts.join(to);
}

type Side = "start" | "end" | "both";

function trim(side: Side) {
  return (text: string, args: Args): string => {
    const characters = pieces(args).join("");
    const isTrimmed = (character: string) =>
      characters === "" ? /\s/.test(character) : characters.includes(character);
    let [start, end] = [0, text.length];
    if (side !== "end") while (start < end && isTrimmed(text.charAt(start))) start += 1;
    if (side !== "start") while (end > start && isTrimmed(text.charAt(end - 1))) end -= 1;
    return text.slice(start, end);
  };
}

function pad(isLeft: boolean) {
  return (text: string, args: Args): string => {
    const width = args.int(0);
    if (width < 0) throw argumentOutOfRange("totalWidth", "Non-negative number required.");
    const filler = args.count > 1 ? textArgument(args, 1) : " ";
    args.ev.allocate(Math.max(width, text.length));
    return isLeft ? text.padStart(width, filler) : text.padEnd(width, filler);
  };
}

function indexOfAny(text: string, args: Args): number {
  const wanted = [...(itemsOf(args.at(0)) ?? [])];
  for (let at = startOf(args, 0); at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (wanted.some((item) => item instanceof CharValue && item.code === code)) return at;
  }
  return -1;
}

function insert(text: string, args: Args): string {
  const at = args.int(0);
  const inserted = args.text(1);
  if (at < 0 || at > text.length) throw argumentOutOfRange("startIndex");
  return args.ev.text(text.slice(0, at) + inserted + text.slice(at));
}

/** .NET's hash codes differ from process to process; this one is the same everywhere. */
export function hashCode(text: string, ev: Evaluation): number {
  ev.step(1 + text.length / 64);
  let hash = 5381;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 33) ^ text.charCodeAt(at)) | 0;
  return hash;
}

function compareTo(text: string, args: Args): number {
  const other = args.textOrNull(0);
  return other === null ? 1 : compareText(text, other);
}

function equals(text: string, args: Args): boolean {
  const other = args.at(0);
  return typeof other === "string" && comparerOf(args.at(1)) !== undefined
    ? folded(text, args) === folded(other, args)
    : areSame(text, other);
}

defineMembers(["string"], isString, {
  get: { Length: (text) => text.length },
  call: {
    Clone: (text) => text,
    CompareTo: compareTo,
    Contains: (text, args) => folded(text, args).includes(folded(textArgument(args, 0), args)),
    EndsWith: (text, args) => folded(text, args).endsWith(folded(textArgument(args, 0), args)),
    Equals: equals,
    GetHashCode: (text, args) => hashCode(text, args.ev),
    IndexOf: indexOf,
    IndexOfAny: indexOfAny,
    Insert: insert,
    LastIndexOf: lastIndexOf,
    Normalize: (text) => text.normalize("NFC"),
    PadLeft: pad(true),
    PadRight: pad(false),
    Remove: remove,
    Replace: replace,
    Split: split,
    StartsWith: (text, args) => folded(text, args).startsWith(folded(textArgument(args, 0), args)),
    Substring: substring,
    ToCharArray: (text, args) => {
      args.ev.allocate(text.length);
      return new ArrayValue([...(itemsOf(text) ?? [])], "char");
    },
    ToLower: (text) => text.toLowerCase(),
    ToLowerInvariant: (text) => text.toLowerCase(),
    ToString: (text) => text,
    ToUpper: (text) => text.toUpperCase(),
    ToUpperInvariant: (text) => text.toUpperCase(),
    Trim: trim("both"),
    TrimEnd: trim("end"),
    TrimStart: trim("start"),
  },
});
