/** Regular expressions: patterns in JavaScript's words, and the members of Regex, Match and Group. */
import { EvaluationLimit, NotSimulated, argumentNull } from "../errors.ts";
import { GroupsValue, RegexCapture, RegexValue } from "../regex-values.ts";
import type { Evaluation } from "../evaluation.ts";
import { translatePattern } from "../regex-pattern.ts";
import { stringArray } from "../sequences.ts";
import { ArrayValue, EnumValue, FunctionValue } from "../values.ts";
import type { Value } from "../values.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";
import { formatValue } from "../format/format-value.ts";

/** Longer texts are not searched: JavaScript's search cannot be stopped. */
const maxSearchedLength = 1_000_000;
const cache = new Map<string, RegexValue>();
const maxCached = 500;

function regexOf(pattern: string, options: number): RegexValue {
  const key = `${options}/${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = new RegexValue(pattern, translatePattern(pattern, options));
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, made);
  return made;
}

function optionsOf(args: Args): number {
  const found = args.values.find((value) => value instanceof EnumValue);
  return found instanceof EnumValue ? found.value : 0;
}

/** `new Regex(pattern, options, timeout)`. */
export function createRegex(args: Args): Value {
  return regexOf(args.text(0, "pattern"), optionsOf(args));
}

function checkedInput(input: string, { ev }: Pick<Args, "ev">): string {
  if (input.length > maxSearchedLength)
    throw new EvaluationLimit(`Texts of more than ${maxSearchedLength} characters are not searched.`);
  ev.step(1 + input.length / 16);
  return input;
}

function matchFrom(regex: RegexValue, input: string, start: number): RegexCapture | undefined {
  const { compiled } = regex;
  compiled.lastIndex = start;
  const found = compiled.exec(input);
  if (found === null) return undefined;
  const names = new Map(Object.entries(found.groups ?? {}).map(([name], index) => [name, index]));
  const groups = groupsOf(found, [...names.keys()]);
  const next = () => {
    const end = found.index + found[0].length;
    const from = found[0] === "" ? end + 1 : end;
    return from > input.length ? undefined : matchFrom(regex, input, from);
  };
  return new RegexCapture("Match", "0", found[0], found.index, true, groups, next);
}

/** .NET numbers groups without a name first, then those that have one. */
function groupsOf(found: RegExpExecArray, names: readonly string[]): RegexCapture[] {
  const indices = found.indices;
  const named = names.map((name) => group(name, found.groups?.[name], indices?.groups?.[name]?.[0]));
  const plain = found
    .slice(0, found.length)
    .map((text: string | undefined, index) => group(String(index), text, indices?.[index]?.[0]));
  const isUnnamed = (capture: RegexCapture, index: number) =>
    index === 0 ||
    names.length === 0 ||
    !named.some((other) => other.index === capture.index && other.value === capture.value);
  return names.length === 0 ? plain : [...plain.filter(isUnnamed), ...named, group("", undefined, undefined)];
}

function group(name: string, text: string | undefined, index: number | undefined): RegexCapture {
  return new RegexCapture("Group", name, text ?? "", index ?? 0, text !== undefined);
}

const noMatch = new RegexCapture("Match", "0", "", 0, false, [new RegexCapture("Group", "0", "", 0, false)]);

function* allMatches(regex: RegexValue, input: string, { ev }: Pick<Args, "ev">) {
  for (let found = matchFrom(regex, input, 0); found !== undefined; found = found.next()) {
    ev.step();
    yield found;
  }
}

const substitution = /\$(?:(\d+)|\{(\w+)\}|([$&`'_]))/g;

/** `$1`, `${name}`, `$&` and `$$` of a replacement. */
function substituted(replacement: string, match: RegexCapture, input: string): string {
  return replacement.replace(substitution, (whole, number?: string, name?: string, sign?: string) => {
    if (sign === "$") return "$";
    if (sign === "&") return match.value;
    if (sign === "`") return input.slice(0, match.index);
    if (sign === "'") return input.slice(match.index + match.value.length);
    if (sign === "_") return input;
    const found = match.groups.find(
      (candidate) => candidate.name !== "" && candidate.name === (number ?? name),
    );
    return found === undefined ? whole : found.value;
  });
}

function replace(regex: RegexValue, input: string, by: Value, count: number, args: Pick<Args, "ev">): string {
  let [text, at, left] = ["", 0, count];
  for (const match of allMatches(regex, input, args)) {
    if (left === 0) break;
    left -= 1;
    text += args.ev.text(input.slice(at, match.index) + replacementOf(by, match, input));
    at = match.index + match.value.length;
  }
  return args.ev.text(text + input.slice(at));
}

/** `Regex.Replace(input, pattern, by)`, `count` times, or everywhere for -1. */
export function replaceByPattern(
  pattern: string,
  input: string,
  by: string,
  count: number,
  ev: Evaluation,
): string {
  return replace(regexOf(pattern, 0), checkedInput(input, { ev }), by, count, { ev });
}

function replacementOf(by: Value, match: RegexCapture, input: string): string {
  if (typeof by === "string") return substituted(by, match, input);
  if (by === null) throw argumentNull("replacement");
  if (!(by instanceof FunctionValue)) throw new NotSimulated("Such a replacement is not simulated.");
  const made = by.call([match]);
  return made === null ? "" : formatValue(made);
}

function split(regex: RegexValue, input: string, args: Args): Value {
  const parts: string[] = [];
  let at = 0;
  for (const match of allMatches(regex, input, args)) {
    parts.push(input.slice(at, match.index));
    for (const { value, isSuccess, name } of match.groups.slice(1))
      if (isSuccess && name !== "") parts.push(value);
    at = match.index + match.value.length;
  }
  return stringArray([...parts, input.slice(at)]);
}

function matches(regex: RegexValue, input: string, args: Args): Value {
  return new ArrayValue([...allMatches(regex, input, args)], "Match");
}

const instance = {
  IsMatch: (regex: RegexValue, input: string) => matchFrom(regex, input, 0) !== undefined,
  Match: (regex: RegexValue, input: string) => matchFrom(regex, input, 0) ?? noMatch,
  Matches: matches,
  Split: split,
};

defineMembers(["Regex"], instanceOf(RegexValue), {
  call: {
    ...Object.fromEntries(
      Object.entries(instance).map(([name, run]) => [
        name,
        (regex: RegexValue, args: Args) => {
          if (args.count > 1) throw args.refuse(1);
          return run(regex, checkedInput(args.text(0, "input"), args), args);
        },
      ]),
    ),
    Replace: (regex, args) =>
      replace(
        regex,
        checkedInput(args.text(0, "input"), args),
        args.at(1),
        args.count > 2 ? args.int(2) : -1,
        args,
      ),
  },
});

defineStatics("Regex", {
  call: {
    ...Object.fromEntries(
      Object.entries(instance).map(([name, run]) => [
        name,
        (args: Args) =>
          run(
            regexOf(args.text(1, "pattern"), optionsOf(args)),
            checkedInput(args.text(0, "input"), args),
            args,
          ),
      ]),
    ),
    Escape: (args) => args.text(0, "str").replace(/[\\*+?|{[()^$.# \t\n\r\f]/g, (sign) => escapeSign(sign)),
    Replace: (args) =>
      replace(
        regexOf(args.text(1, "pattern"), optionsOf(args)),
        checkedInput(args.text(0, "input"), args),
        args.at(2),
        -1,
        args,
      ),
    Unescape: (args) =>
      args
        .text(0, "str")
        .replace(/\\([^])/g, (_, sign: string) => ({ n: "\n", r: "\r", t: "\t", f: "\f" })[sign] ?? sign),
  },
});

function escapeSign(sign: string): string {
  return { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f" }[sign] ?? `\\${sign}`;
}

defineMembers(["Match", "Group"], instanceOf(RegexCapture), {
  get: {
    Captures: (capture) => new ArrayValue(capture.isSuccess ? [capture] : [], "Capture"),
    Groups: ({ groups }) => new GroupsValue(groups),
    Index: ({ index }) => index,
    Length: ({ value }) => value.length,
    Name: ({ name }) => name,
    Success: ({ isSuccess }) => isSuccess,
    Value: ({ value }) => value,
  },
  call: {
    NextMatch: (match) => match.next() ?? noMatch,
    Result: (match, args) => substituted(args.text(0), match, ""),
  },
});

defineMembers(["GroupCollection"], instanceOf(GroupsValue), {
  get: { Count: ({ groups }) => groups.filter(({ name }) => name !== "").length },
});

/** Matches come as an array here; .NET calls their number Count. */
defineMembers(["Array"], instanceOf(ArrayValue), { get: { Count: ({ items }) => items.length } });
