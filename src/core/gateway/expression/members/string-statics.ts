/** Static members of `String`, and of `Char`. */
import { compareOrdinal, compareText } from "../equality.ts";
import { argumentNull } from "../errors.ts";
import { formatComposite } from "../format/composite.ts";
import { formatValue } from "../format/format-value.ts";
import { itemsOf } from "../sequences.ts";
import { ArrayValue, CharValue, SequenceValue } from "../values.ts";
import type { Value } from "../values.ts";
import { comparerOf } from "./comparers.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";
import { textArgument } from "./strings.ts";

/** The values of `params object[]`: given one by one, or as an array. */
function spread(values: readonly Value[]): readonly Value[] {
  const [only] = values;
  return values.length === 1 && only instanceof ArrayValue ? only.items : values;
}

function textOf(value: Value): string {
  return value === null ? "" : formatValue(value);
}

function join(args: Args): string {
  const separator = args.at(0) instanceof CharValue ? textArgument(args, 0) : (args.textOrNull(0) ?? "");
  const rest = args.values.slice(1);
  const [only] = rest;
  const isList = rest.length === 1 && only !== undefined && typeof only !== "string";
  if (isList && only === null) throw argumentNull("values");
  const items = isList ? (itemsOf(only) ?? rest) : rest;
  const texts: string[] = [];
  for (const item of items) {
    args.ev.step();
    texts.push(args.ev.text(textOf(item)));
  }
  return args.ev.text(texts.join(separator));
}

function concat(args: Args): string {
  const [only] = args.values;
  const isSequence =
    args.count === 1 &&
    only !== undefined &&
    (only instanceof SequenceValue ||
      only instanceof ArrayValue ||
      (only !== null && typeof only === "object"));
  const items = isSequence ? (itemsOf(only) ?? args.values) : args.values;
  let text = "";
  for (const item of items) {
    args.ev.step();
    text += args.ev.text(textOf(item));
  }
  return text;
}

function compare(args: Args): number {
  const [a, b] = [args.textOrNull(0), args.textOrNull(1)];
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const comparer = comparerOf(args.at(2));
  if (comparer !== undefined) return comparer.compare(a, b);
  return compareText(a, b, args.count > 2 && args.bool(2));
}

function equals(args: Args): boolean {
  const [a, b] = [args.textOrNull(0), args.textOrNull(1)];
  if (a === null || b === null) return a === b;
  const comparer = comparerOf(args.at(2));
  return comparer === undefined ? a === b : comparer.keyOf(a) === comparer.keyOf(b);
}

defineStatics("string", {
  get: { Empty: () => "" },
  call: {
    Compare: compare,
    CompareOrdinal: (args) => compareOrdinal(args.text(0), args.text(1)),
    Concat: concat,
    Copy: (args) => args.text(0, "str"),
    Equals: equals,
    Format: (args) => formatComposite(args.text(0, "format"), spread(args.values.slice(1)), args.ev),
    Intern: (args) => args.text(0, "str"),
    IsNullOrEmpty: (args) => (args.textOrNull(0) ?? "") === "",
    IsNullOrWhiteSpace: (args) => (args.textOrNull(0) ?? "").trim() === "",
    Join: join,
  },
});

/** The character that a static method of `char` is asked about: itself, or one of a text by its index. */
function characterOf(args: Args): string {
  const value = args.at(0);
  return value instanceof CharValue ? String.fromCharCode(value.code) : args.text(0).charAt(args.int(1));
}

const tests: Readonly<Record<string, RegExp>> = {
  IsControl: /^\p{Cc}$/u,
  IsDigit: /^\p{Nd}$/u,
  IsLetter: /^\p{L}$/u,
  IsLetterOrDigit: /^[\p{L}\p{Nd}]$/u,
  IsLower: /^\p{Ll}$/u,
  IsNumber: /^\p{N}$/u,
  IsPunctuation: /^\p{P}$/u,
  IsSymbol: /^\p{S}$/u,
  IsUpper: /^\p{Lu}$/u,
  IsWhiteSpace: /^\s$/u,
};

function changed(change: (text: string) => string) {
  return (args: Args): Value => {
    const text = change(characterOf(args));
    return text.length === 1 ? new CharValue(text.charCodeAt(0)) : args.at(0);
  };
}

defineStatics("char", {
  get: { MaxValue: () => new CharValue(0xffff), MinValue: () => new CharValue(0) },
  call: {
    ...Object.fromEntries(
      Object.entries(tests).map(([name, pattern]) => [name, (args: Args) => pattern.test(characterOf(args))]),
    ),
    GetNumericValue: (args) => (/^\d$/.test(characterOf(args)) ? Number(characterOf(args)) : -1),
    ToLower: changed((text) => text.toLowerCase()),
    ToLowerInvariant: changed((text) => text.toLowerCase()),
    ToString: (args) => characterOf(args),
    ToUpper: changed((text) => text.toUpperCase()),
    ToUpperInvariant: changed((text) => text.toUpperCase()),
  },
});

defineMembers(["char"], instanceOf(CharValue), {
  call: { CompareTo: ({ code }, args) => code - textArgument(args, 0).charCodeAt(0) },
});
