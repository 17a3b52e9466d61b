/** `SelectToken` and `SelectTokens`: names, indexes, wildcards, descent, lists, slices and filters of JSONPath. */
import { compareForSort } from "../equality.ts";
import { NotSimulated, exception } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { scalarToken } from "./json-convert.ts";
import { JArrayValue, JContainerValue, JObjectValue, JPropertyValue, JScalarValue } from "./json-values.ts";
import type { JTokenValue } from "./json-values.ts";

type Step = (token: JTokenValue) => Iterable<JTokenValue>;

/** The tokens that a path leads to, in order. Throws JsonException for a path that is none. */
export function selectTokens(from: JTokenValue, path: string, ev: Evaluation): JTokenValue[] {
  let tokens: JTokenValue[] = [from];
  for (const step of readPath(path, from)) {
    const next: JTokenValue[] = [];
    for (const token of tokens) {
      for (const found of step(token)) {
        ev.step();
        next.push(found);
      }
    }
    tokens = next;
  }
  return tokens;
}

const name = /(?:\.?)([^.[\]\s()]+)/y;
const bracket =
  /\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\*)|(-?\d+(?:\s*,\s*-?\d+)*)|(-?\d*:-?\d*(?::-?\d*)?))\]/y;
const nameList = /\[((?:\s*'[^']*'\s*,?)+)\]/y;

function readPath(path: string, root: JTokenValue): Step[] {
  const steps: Step[] = [];
  let at = path.startsWith("$") ? 1 : 0;
  while (at < path.length) {
    if (path.startsWith("..", at)) {
      steps.push(descend);
      at += path.charAt(at + 2) === "[" ? 2 : 1;
      continue;
    }
    const read = readStep(path, at, root);
    if (read === undefined) {
      throw exception(
        "Newtonsoft.Json.JsonException",
        `Unexpected character while parsing path: ${path.charAt(at)}`,
      );
    }
    steps.push(read.step);
    at = read.end;
  }
  return steps;
}

type Read = { readonly step: Step; readonly end: number };

function readStep(path: string, at: number, root: JTokenValue): Read | undefined {
  if (path.startsWith("[?(", at)) return readFilter(path, at, root);
  bracket.lastIndex = at;
  const found = bracket.exec(path);
  if (found !== null) return { step: bracketStep(found), end: bracket.lastIndex };
  nameList.lastIndex = at;
  const names = nameList.exec(path)?.[1];
  if (names !== undefined) {
    const wanted = [...names.matchAll(/'([^']*)'/g)].map(([, text = ""]) => text);
    return { step: (token) => wanted.flatMap((key) => [...member(token, key)]), end: nameList.lastIndex };
  }
  name.lastIndex = at;
  const key = name.exec(path)?.[1];
  if (key === undefined) return undefined;
  return { step: key === "*" ? children : (token) => member(token, key), end: name.lastIndex };
}

function bracketStep([, single, double, all, indexes, slice]: RegExpExecArray): Step {
  const key = single ?? double;
  if (key !== undefined) return (token) => member(token, key.replace(/\\(.)/g, "$1"));
  if (all !== undefined) return children;
  if (slice !== undefined) return sliceStep(slice);
  const wanted = (indexes ?? "").split(",").map(Number);
  return (token) => (token instanceof JArrayValue ? wanted.flatMap((index) => token.items[index] ?? []) : []);
}

function sliceStep(slice: string): Step {
  const [start, end, step = ""] = slice.split(":");
  if (step !== "" && step !== "1") throw new NotSimulated("Slices with a step are not simulated.");
  const [from, to] = [start, end].map((text) =>
    text === undefined || text === "" ? undefined : Number(text),
  );
  return (token) => (token instanceof JArrayValue ? token.items.slice(from, to) : []);
}

function member(token: JTokenValue, key: string): JTokenValue[] {
  const found = token instanceof JObjectValue ? token.get(key) : undefined;
  return found === undefined ? [] : [found];
}

function children(token: JTokenValue): JTokenValue[] {
  if (token instanceof JObjectValue) return token.properties().map(({ value }) => value);
  return token instanceof JArrayValue ? [...token.items] : [];
}

function* descend(token: JTokenValue): Iterable<JTokenValue> {
  yield token;
  if (!(token instanceof JContainerValue)) return;
  for (const child of token instanceof JPropertyValue ? [token.value] : children(token))
    yield* descend(child);
}

/** `[?(@.a == 'x' && @.b > 1)]`. */
function readFilter(path: string, at: number, root: JTokenValue): Read | undefined {
  let depth = 0;
  let quote = "";
  for (let end = at; end < path.length; end += 1) {
    const character = path.charAt(end);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth += 1;
    else if (character === ")" && (depth -= 1) === 0) {
      const holds = readCondition(path.slice(at + 3, end), root);
      return { step: (token) => children(token).filter(holds), end: end + 2 };
    }
  }
  return undefined;
}

type Condition = (token: JTokenValue) => boolean;

function readCondition(text: string, root: JTokenValue): Condition {
  const either = splitOutside(text, "||");
  if (either.length > 1) {
    const parts = either.map((part) => readCondition(part, root));
    return (token) => parts.some((holds) => holds(token));
  }
  const both = splitOutside(text, "&&");
  if (both.length > 1) {
    const parts = both.map((part) => readCondition(part, root));
    return (token) => parts.every((holds) => holds(token));
  }
  return readComparison(text.trim(), root);
}

/** Splits at an operator that stands in no quotes. */
function splitOutside(text: string, operator: string): string[] {
  const parts: string[] = [];
  let [start, quote] = [0, ""];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (text.startsWith(operator, at)) {
      parts.push(text.slice(start, at));
      start = at + operator.length;
    }
  }
  return [...parts, text.slice(start)];
}

const comparison = /^(.+?)\s*(===?|!==?|<>|<=|>=|<|>)\s*(.+)$/;

function readComparison(text: string, root: JTokenValue): Condition {
  if (/=~|^\(|^!/.test(text)) throw new NotSimulated(`The filter '${text}' is not simulated.`);
  const [, left, operator, right] = comparison.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    const exists = readOperand(text, root);
    return (token) => exists(token).length > 0;
  }
  const [a, b] = [readOperand(left, root), readOperand(right, root)];
  return (token) => a(token).some((x) => b(token).some((y) => compare(x, operator, y)));
}

function readOperand(text: string, root: JTokenValue): (token: JTokenValue) => JTokenValue[] {
  const plain = text.trim();
  if (plain.startsWith("@") || plain.startsWith("$")) {
    const from = (token: JTokenValue) => (plain.startsWith("@") ? token : root);
    const steps = readPath(plain.slice(1), root);
    return (token) =>
      steps.reduce<JTokenValue[]>((tokens, step) => tokens.flatMap((each) => [...step(each)]), [from(token)]);
  }
  const literal = literalOf(plain);
  return () => [literal];
}

function literalOf(text: string): JTokenValue {
  const quoted = /^(['"])(.*)\1$/.exec(text)?.[2];
  if (quoted !== undefined) return new JScalarValue("String", quoted);
  if (text === "true" || text === "false") return new JScalarValue("Boolean", text === "true");
  const made =
    text === "null" ? scalarToken(null) : /^-?\d+$/.test(text) ? scalarToken(BigInt(text)) : undefined;
  if (made === undefined) throw new NotSimulated(`The operand ${text} of a filter is not simulated.`);
  return made;
}

function compare(a: JTokenValue, operator: string, b: JTokenValue): boolean {
  if (!(a instanceof JScalarValue) || !(b instanceof JScalarValue)) return operator.startsWith("!");
  const order =
    a.type === b.type || (a.type !== "String" && b.type !== "String") ? compareForSort(a, b) : undefined;
  switch (operator) {
    case "==":
    case "===":
      return order === 0;
    case "!=":
    case "!==":
    case "<>":
      return order !== 0;
    case "<":
      return order !== undefined && order < 0;
    case "<=":
      return order !== undefined && order <= 0;
    case ">":
      return order !== undefined && order > 0;
    default:
      return order !== undefined && order >= 0;
  }
}
