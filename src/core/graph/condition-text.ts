/** Conditions and counter keys as people say them: `deployment-id = gpt-4o`, `per subscription`. */
import { expressionOf } from "../policy/expression/scan.ts";

const longest = 60;

type Rewrite = readonly [pattern: RegExp, text: string];

const quotedName = String.raw`"([^"\\]+)"`;
const fallback = String.raw`(?:\s*,\s*(?:"[^"\\]*"|null|\d+|true|false))?`;

/** What is named by a text in an expression, by that name. */
const named: readonly Rewrite[] = [
  [pattern(String.raw`context\.Request\.MatchedParameters`), "$1"],
  [pattern(String.raw`context\.Request\.(?:Original)?Url\.Query`), "?$1"],
  [pattern(String.raw`context\.Request\.Headers`), "header $1"],
  [pattern(String.raw`context\.Variables`), "$1"],
];

function pattern(owner: string): RegExp {
  const get = String.raw`\.GetValueOrDefault(?:<[^<>()]+>)?\(${quotedName}${fallback}\)`;
  return new RegExp(String.raw`${owner}(?:${get}|\[${quotedName}\])`, "g");
}

const plainer: readonly Rewrite[] = [
  [/context\.Request\.Body\??\.As<JObject>\((?:preserveContent:\s*)?true\)/g, "body"],
  [/\((?:string|int|bool|JObject)\)/g, ""],
  [/\??\.ToString\(\)/g, ""],
  [/\(\s*(body|[\w.-]+)\s*\)/g, "$1"],
  [/(\w)\[\s*"([\w.-]+)"\s*\]/g, "$1.$2"],
  [/new\s*(?:string)?\s*\[\s*\]\s*\{([^{}]*)\}\.Contains\(([^()]*)\)/g, "$2 in$1"],
  [/context\.Response\.StatusCode/g, "status"],
  [/context\.Request\.IpAddress/g, "IP address"],
  [/context\./g, ""],
  [/([\w.-]+)\.StartsWith\("([^"()]*)"\)/g, "$1 = $2*"],
  [/\s*&&\s*/g, " and "],
  [/\s*\|\|\s*/g, " or "],
  [/\s*==\s*/g, " = "],
  [/\s*!=\s*/g, " ≠ "],
  [/\s*\?\?\s*"[^"]*"/g, ""],
  [/"([\w .:/*{}-]+)"/g, "$1"],
];

/** A condition in few words; code that is too long for that is cut. */
export function conditionText(condition: string): string {
  return shorten(readable(condition));
}

function readable(value: string): string {
  const expression = expressionOf(value);
  if (expression === undefined) return oneLine(value);
  if (expression.kind === "block") return "an expression says so";
  const code = named.reduce(
    (text, [search]) => text.replace(search, nameOf(search)),
    oneLine(expression.code),
  );
  return plainer.reduce((text, [search, replacement]) => text.replace(search, replacement), code).trim();
}

/** The name is in the first group of `GetValueOrDefault("name")`, and in the second of `["name"]`. */
function nameOf(search: RegExp): (match: string, ...groups: string[]) => string {
  const text = named.find(([known]) => known === search)?.[1] ?? "$1";
  // The compiler's own variables have a prefix that tells them from others.
  return (_match, first?: string, second?: string) =>
    text.replace("$1", (first ?? second ?? "").replace(/^apimgw-/, ""));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

const owners: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bcontext\.Subscription\b/, "subscription"],
  [/\bcontext\.Product\b/, "product"],
  [/\bcontext\.User\b/, "user"],
  [/\bIpAddress\b/, "IP address"],
  [/\bcontext\.Api\b/, "API"],
  [/\bcontext\.Operation\b/, "operation"],
];

/** Whose calls a counter counts: `per subscription`; nothing where a literal key makes one counter for all. */
export function perKey(key: string | undefined): string {
  if (key === undefined) return "per subscription";
  if (expressionOf(key) === undefined) return "for all together";
  const names = owners.flatMap(([search, name]) => (search.test(key) ? [name] : []));
  if (names.length > 0) return `per ${names.join(" and ")}`;
  const text = readable(key);
  return /^[\w .-]{1,30}$/.test(text) ? `per ${text}` : "per key of an expression";
}
