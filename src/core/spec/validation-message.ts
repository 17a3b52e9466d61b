/** The words for what the schema refuses. Values that came from variables, and secrets, are never shown. */
import type { z } from "zod";
import { nearestName } from "../nearest-name.ts";
import { durationPattern, durationRule } from "./duration.ts";
import type { Finding, Path } from "./finding.ts";
import { formatPath, lastName } from "./path-text.ts";
import { fits, knownKeys, type Shape } from "./schema-shape.ts";
import { didYouMean } from "./suggestion.ts";
import { keySpan, type Place, type YamlScalar } from "./yaml-node.ts";
import { resolvePlain } from "./yaml-scalar.ts";

type Issue = z.core.$ZodIssue;
type Said = { readonly message: string; readonly help?: string };

/** `shape` is what may stand at the parent. */
export function describeUnknownKey(parent: Place, key: string, shape: Shape): Said {
  const known = knownKeys(shape);
  const nearest = nearestName(key, known);
  const where = parent.path.length === 0 ? "" : ` in ${formatPath(parent.path)}`;
  const help =
    known.length === 0
      ? "this map has no keys"
      : `known keys${where}: ${known.map((name) => `\`${name}\``).join(", ")}`;
  return { message: `unknown key \`${key}\`${where}${didYouMean(nearest)}`, help };
}

export function describeMissing(path: Path): Said {
  const parent = path.slice(0, -1);
  const where = parent.length === 0 ? "" : ` in ${formatPath(parent)}`;
  return { message: `\`${lastName(path)}\` is missing${where}` };
}

/** For a union, one issue for each type that would have done; `shape` is what may stand there. */
export function describeWrongType(place: Place, issues: readonly Issue[], shape: Shape): Said {
  const expected = [...new Set(issues.flatMap((issue) => expectedTypes(issue)))];
  const message = `${subject(place)}expected ${joinOr(expected)}, found ${describeFound(place)}`;
  const help = typeHelp(place, expected, shape);
  return help === undefined ? { message } : { message, help };
}

function expectedTypes(issue: Issue): string[] {
  if (issue.code === "invalid_value") return issue.values.map((value) => `\`${String(value)}\``);
  return issue.code === "invalid_type" ? [typeNames[issue.expected] ?? issue.expected] : [];
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function typeHelp({ node, path }: Place, expected: readonly string[], shape: Shape): string | undefined {
  if (node.kind !== "scalar" || node.origin) return undefined;
  if (node.value === null && expected.includes("a map")) {
    return fits(shape, {})
      ? "remove the key, or write `{}` for an empty map"
      : "write its keys under it, indented";
  }
  if (node.value === null)
    return `give it a value, or remove the ${typeof path.at(-1) === "number" ? "item" : "key"}`;
  if (/^[\w.-]+$/.test(node.text) && fits(shape, [node.value])) return `write \`[${node.text}]\``;
  if (typeof node.value === "number") return fits(shape, node.text) ? "put the value in quotes" : undefined;
  if (typeof node.value === "boolean") return undefined;
  const truth = truthOf(node.value);
  if (truth !== undefined && fits(shape, truth)) {
    return `booleans are \`true\` and \`false\` in YAML 1.2: write \`${truth}\``;
  }
  if (expected.includes("a list")) return "write `[a, b]`, or one item a line after `- `";
  return node.style !== "plain" && fits(shape, resolvePlain(node.value)) ? "remove the quotes" : undefined;
}

/** What YAML 1.1 took for booleans. */
function truthOf(text: string): boolean | undefined {
  if (/^(?:yes|on|y)$/i.test(text)) return true;
  return /^(?:no|off|n)$/i.test(text) ? false : undefined;
}

/** For a number where a duration stands: the unit is missing, not the quotes. */
export function describeBareDuration(place: Place): Said {
  const text = place.node.kind === "scalar" && !place.node.origin ? place.node.text : "30";
  const message = `${subject(place)}expected ${durationRule}, found ${describeFound(place)}`;
  return { message, help: `a duration has a unit: \`${text}s\` for seconds` };
}

/** A value of the right type that the format does not allow. */
export function describeBadValue(place: Place, issue: Issue): Finding {
  const isDuration = issue.code === "invalid_format" && issue.pattern === String(durationPattern);
  const rule = isDuration ? "invalid-duration" : "invalid-value";
  const { path } = place;
  if (issue.code === "custom") {
    const message = `\`${formatPath(path)}\`: ${issue.message}`;
    return { rule, message, span: keySpan(place), path };
  }
  if (issue.code === "invalid_value")
    return { rule, span: place.node, path, ...describeChoice(place, issue.values) };
  const message = `${subject(place)}expected ${expectedValue(issue)}, found ${describeFound(place)}`;
  return { rule, message, span: place.node, path };
}

function describeChoice(place: Place, values: readonly unknown[]): Said {
  const choices = values.map((value) => String(value));
  if (place.path.length === 1 && place.path[0] === "apimgw") {
    const message = `this version of apimgw reads format ${choices.join(", ")}, found ${describeFound(place)}`;
    return { message, help: "write `apimgw: 1`, or use the apimgw that reads the format you have" };
  }
  const isShown = place.node.kind === "scalar" && !place.node.origin;
  const nearest = isShown ? nearestName(String(place.node.value), choices) : undefined;
  const expected = joinOr(choices.map((choice) => `\`${choice}\``));
  const message = `${subject(place)}expected ${expected}, found ${describeFound(place)}${didYouMean(nearest)}`;
  return { message };
}

function expectedValue(issue: Issue): string {
  if (issue.code === "too_small") return atLeast(issue.origin, Number(issue.minimum));
  if (issue.code === "too_big") return atMost(issue.origin, Number(issue.maximum));
  return issue.message;
}

function atLeast(origin: string, minimum: number): string {
  if (origin === "string") return minimum === 1 ? "some text" : `at least ${minimum} characters`;
  if (origin === "array") return minimum === 1 ? "at least one item" : `at least ${minimum} items`;
  return `at least ${minimum}`;
}

function atMost(origin: string, maximum: number): string {
  if (origin === "string") return `at most ${maximum} characters`;
  return origin === "array" ? `at most ${maximum} items` : `at most ${maximum}`;
}

/** The beginning of a message: which key's value it is about. */
export function subject(place: Place): string {
  return place.path.length === 0 ? "" : `\`${lastName(place.path)}\`: `;
}

/** Keys whose values may be secrets. */
const secretKeys: ReadonlySet<unknown> = new Set(["value", "connectionString", "instrumentationKey"]);

/** The value as a message shows it. */
export function describeFound({ node, path }: Place): string {
  if (node.kind === "list")
    return node.items.length === 0 ? "an empty list" : `a list of ${node.items.length}`;
  if (node.kind === "map") return "a map";
  if (node.value === null) return "nothing";
  if (secretKeys.has(path.at(-1)) && node.value !== "") return `a ${typeof node.value}`;
  if (node.origin) return describeOrigin(node);
  if (typeof node.value === "string") return describeString(node.value);
  return typeof node.value === "number" ? `the number ${node.text}` : `\`${node.text}\``;
}

function describeOrigin({ origin, text, value }: YamlScalar): string {
  const source = origin && "flag" in origin ? origin.flag : `\`${abridge(text)}\``;
  return value === "" ? `an empty string from ${source}` : `the value of ${source}`;
}

function describeString(value: string): string {
  return value === "" ? "an empty string" : `the string ${JSON.stringify(abridge(value))}`;
}

function abridge(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function joinOr(parts: readonly string[]): string {
  return parts.length < 2
    ? (parts[0] ?? "something else")
    : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1) ?? ""}`;
}
