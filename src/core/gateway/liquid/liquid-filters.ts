/**
 * The filters that the page of set-body lists, as DotLiquid has them, under their names in Pascal case. Where its versions
 * differ, or a machine's culture decides, a filter is refused.
 */
import type { Evaluation } from "../expression/evaluation.ts";
import { formatDate } from "../expression/format/date-format.ts";
import { parseDate } from "../expression/format/date-parse.ts";
import { ticksOfUnix } from "../expression/format/calendar.ts";
import { encodeEntities } from "../expression/members/html-entities.ts";
import { replaceByPattern } from "../expression/members/regex.ts";
import { percentDecode, urlEncode } from "../expression/members/text-types.ts";
import { DateTimeValue } from "../expression/values.ts";
import { LiquidRefusal } from "./liquid-refusal.ts";
import { liquidText } from "./liquid-text.ts";
import { LiquidDate, LiquidElement } from "./liquid-values.ts";

export type LiquidFilter = (input: unknown, args: readonly unknown[], ev: Evaluation) => unknown;

export const liquidFilters: Readonly<Record<string, LiquidFilter>> = {
  Abs: (input) => Math.abs(number(input, "Abs")),
  Append: text((input, [tail]) => input + liquidText(tail)),
  AtLeast: (input, [least]) => Math.max(number(input, "AtLeast"), number(least, "AtLeast")),
  AtMost: (input, [most]) => Math.min(number(input, "AtMost"), number(most, "AtMost")),
  Capitalize: text(capitalize),
  Compact: (input) => list(input, "Compact").filter((item) => item !== null && item !== undefined),
  Currency: () => {
    throw new LiquidRefusal(
      "the filter `Currency` writes as the culture of the machine has it, which is not known",
    );
  },
  Date: date,
  Default: (input, [fallback]) =>
    input === null || input === undefined || input === false || input === "" ? fallback : input,
  DividedBy: (input, [by]) => divided(input, by),
  Downcase: text((input) => input.toLowerCase()),
  Escape: text((input) => encodeEntities(input)),
  First: (input) => list(input, "First")[0] ?? null,
  H: text((input) => encodeEntities(input)),
  Join: (input, [glue = " "]) => list(input, "Join").map(liquidText).join(liquidText(glue)),
  Last: (input) => list(input, "Last").at(-1) ?? null,
  Lstrip: text((input) => input.trimStart()),
  Map: (input, [name]) => list(input, "Map").map((item) => member(item, liquidText(name))),
  Minus: arithmetic("Minus", (left, right) => left - right),
  Modulo: (input, [by]) => number(input, "Modulo") % divisor(by, "Modulo"),
  NewlineToBr: text((input) => input.replace(/\r?\n/g, "<br />$&")),
  Plus: arithmetic("Plus", (left, right) => left + right),
  Prepend: text((input, [head]) => liquidText(head) + input),
  Remove: text((input, [part]) => (liquidText(part) === "" ? input : input.replaceAll(liquidText(part), ""))),
  RemoveFirst: text((input, [pattern], ev) => replaceByPattern(liquidText(pattern), input, "", 1, ev)),
  Replace: text((input, [pattern, by], ev) =>
    liquidText(pattern) === "" ? input : replaceByPattern(liquidText(pattern), input, liquidText(by), -1, ev),
  ),
  ReplaceFirst: text((input, [pattern, by], ev) =>
    liquidText(pattern) === "" ? input : replaceByPattern(liquidText(pattern), input, liquidText(by), 1, ev),
  ),
  Round: (input, [places = 0]) => round(number(input, "Round"), number(places, "Round")),
  Rstrip: text((input) => input.trimEnd()),
  Size: (input) => (typeof input === "string" || Array.isArray(input) ? input.length : 0),
  Slice: text(slice),
  Sort: sort,
  Split: (input, [by]) =>
    liquidText(input)
      .split(liquidText(by))
      .filter((part) => part !== ""),
  Strip: text((input) => input.trim()),
  StripHtml: text(withoutTags),
  StripNewlines: text((input) => input.replace(/\r?\n/g, "")),
  Times: arithmetic("Times", (left, right) => left * right),
  Truncate: text(truncate),
  TruncateWords: text(truncateWords),
  Uniq: (input) => [...new Set(list(input, "Uniq"))],
  Upcase: text((input) => input.toUpperCase()),
  UrlDecode: text((input) => percentDecode(input.replaceAll("+", " "))),
  UrlEncode: text((input) => urlEncode(input)),
};

/** Nothing stays nothing; a text is made of anything else. */
function text(change: (input: string, args: readonly unknown[], ev: Evaluation) => string): LiquidFilter {
  return (input, args, ev) =>
    input === null || input === undefined ? input : ev.text(change(liquidText(input), args, ev));
}

function list(input: unknown, filter: string): readonly unknown[] {
  if (input === null || input === undefined) return [];
  if (Array.isArray(input)) return input;
  throw new LiquidRefusal(`what the filter \`${filter}\` does with something that is no list is not known`);
}

/** Texts are refused: DotLiquid's versions add them, repeat them or read numbers from them. */
function number(value: unknown, filter: string): number {
  if (typeof value === "number") return value;
  throw new LiquidRefusal(
    `what the filter \`${filter}\` does with something that is no number is not known; texts of XML are texts`,
  );
}

function arithmetic(name: string, of: (left: number, right: number) => number): LiquidFilter {
  return (input, [operand]) => of(number(input, name), number(operand, name));
}

function divisor(by: unknown, filter: string): number {
  const value = number(by, filter);
  if (value === 0) throw new LiquidRefusal(`the filter \`${filter}\` divides by zero`);
  return value;
}

/** Whole numbers give a whole number. */
function divided(input: unknown, by: unknown): number {
  const left = number(input, "DividedBy");
  const right = divisor(by, "DividedBy");
  const areWhole = Number.isInteger(left) && Number.isInteger(right);
  return areWhole ? Math.trunc(left / right) : left / right;
}

/** To the nearest even one, as Math.Round does. */
function round(value: number, places: number): number {
  const factor = 10 ** Math.min(Math.max(Math.trunc(places), 0), 15);
  const scaled = value * factor;
  const nearest = Math.round(scaled);
  const isHalf = Math.abs(scaled - Math.trunc(scaled)) === 0.5;
  return (isHalf && nearest % 2 !== 0 ? nearest - 1 : nearest) / factor;
}

/** Older versions capitalize every word, newer ones the first letter: where that differs it is refused. */
function capitalize(input: string): string {
  const first = input.slice(0, 1).toUpperCase() + input.slice(1);
  const isOneWord = /^\s*\p{L}[\p{Ll}\p{Nd}]*(?:[^\p{L}\p{Nd}][^\p{L}]*)?$/u.test(input) || input === "";
  if (isOneWord) return first;
  throw new LiquidRefusal("what the filter `Capitalize` makes of several words differs between versions");
}

function slice(input: string, [start = 0, length = 1]: readonly unknown[]): string {
  const from = number(start, "Slice");
  const begin = from < 0 ? from + input.length : from;
  if (begin < 0 || begin > input.length) return "";
  return input.slice(begin, begin + Math.max(number(length, "Slice"), 0));
}

/** `<` up to the next `>` on the same line, in one pass. */
function withoutTags(input: string): string {
  let kept = "";
  let from = 0;
  for (let open = input.indexOf("<"); open !== -1; open = input.indexOf("<", from)) {
    const close = input.indexOf(">", open);
    if (close === -1) break;
    const lineEnd = input.lastIndexOf("\n", close);
    const isTag = lineEnd < open;
    kept += input.slice(from, isTag ? open : lineEnd + 1);
    from = isTag ? close + 1 : lineEnd + 1;
  }
  return kept + input.slice(from);
}

function truncate(input: string, [length = 50, tail = "..."]: readonly unknown[]): string {
  const most = number(length, "Truncate");
  const end = liquidText(tail);
  return input.length > most ? input.slice(0, Math.max(most - end.length, 0)) + end : input;
}

function truncateWords(input: string, [count = 15, tail = "..."]: readonly unknown[]): string {
  const words = input.split(" ");
  const most = Math.max(number(count, "TruncateWords"), 0);
  return words.length > most ? words.slice(0, most).join(" ") + liquidText(tail) : input;
}

function member(item: unknown, name: string): unknown {
  if (item instanceof LiquidElement) return item.liquidMethodMissing(name);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  return Object.getOwnPropertyDescriptor(item, name)?.value ?? null;
}

function sort(input: unknown, [name]: readonly unknown[]): unknown {
  const keyed = list(input, "Sort").map((item) => ({
    item,
    key: name === undefined || name === null ? item : member(item, liquidText(name)),
  }));
  const kinds = new Set(keyed.map(({ key }) => typeof key));
  const [kind] = kinds;
  if (kinds.size > 1 || (kind !== undefined && kind !== "number" && kind !== "string")) {
    throw new LiquidRefusal("how the filter `Sort` orders these values is not known");
  }
  return [...keyed].sort(({ key: a }, { key: b }) => compareKeys(a, b)).map(({ item }) => item);
}

/** Texts as .NET's cultures order letters: case decides last. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [liquidText(a), liquidText(b)];
  const [small, other] = [left.toLowerCase(), right.toLowerCase()];
  if (small !== other) return small < other ? -1 : 1;
  return left === right ? 0 : left > right ? -1 : 1;
}

/** With C#'s formats; a text that is no date stays as it is. The machine's time is UTC. */
function date(input: unknown, [format]: readonly unknown[], ev: Evaluation): unknown {
  if (input === null || input === undefined) return input;
  const value = dateOf(input, ev);
  if (value === undefined) return input;
  return ev.text(formatDate(value, format === null || format === undefined ? "" : liquidText(format)));
}

function dateOf(input: unknown, ev: Evaluation): DateTimeValue | undefined {
  if (input instanceof LiquidDate) return LiquidDate.dateOf(input);
  if (typeof input !== "string") {
    throw new LiquidRefusal("what the filter `Date` makes of something that is no date is not known");
  }
  if (/^(?:now|today)$/i.test(input)) {
    return new DateTimeValue(ticksOfUnix(ev.context.sources.now()), "Local");
  }
  return parseDate(input);
}
