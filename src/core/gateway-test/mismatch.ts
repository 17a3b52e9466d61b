/** What a request did against what was expected of it. */
import type { GatewayAnswer } from "../gateway/answer.ts";
import { printUrl } from "../gateway/message.ts";
import type { GatewayUrl, HeaderMap, MessageBody } from "../gateway/message.ts";
import { queryValue } from "../gateway/query.ts";
import { parseDuration } from "../spec/duration.ts";
import type { Path } from "../spec/finding.ts";
import type { BodySpec, Expectation, SentCheck, TextCheck } from "./schema.ts";

/** One thing that is not as expected. */
export type Mismatch = {
  /** `status`, `headers.Retry-After`, `body.error.code`, `sent[1].path`. */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Within the expectations. */
  readonly path: Path;
};

/** A call that left the gateway, as it was when it did. */
export type SentCall = {
  readonly backend: string | null;
  readonly method: string;
  readonly url: GatewayUrl;
  readonly headers: HeaderMap;
  readonly body: string;
};

export type Observed = {
  readonly answer: GatewayAnswer;
  readonly sent: readonly SentCall[];
  /** Virtual milliseconds from the request to the end of its answer. */
  readonly elapsed: number;
  /** The same to the first part of a stream; undefined for other answers, and where none passed. */
  readonly firstByte: number | undefined;
  /** Whether the answer was a stream that broke off. */
  readonly isCut: boolean;
};

export const absent = "(absent)";

/** All that is not as expected, in the order of the format. */
export function findMismatches(expect: Expectation, observed: Observed): Mismatch[] {
  const { answer, sent, elapsed, isCut } = observed;
  return [
    ...refusal(answer),
    ...checkValue("status", expect.status, answer.status),
    ...checkByName("headers", expect.headers, (name) => answer.headers.get(name)?.join(", "), ["headers"]),
    ...checkBody("body", expect.body, textOf(answer.body), ["body"]),
    ...checkPart("bodyContains", expect.bodyContains, textOf(answer.body)),
    ...checkBackends(expect.backends, answer),
    ...checkSent(expect.sent, sent),
    ...checkTime("elapsed", expect.elapsed, elapsed),
    ...checkTime("firstByte", expect.firstByte, firstByteOf(observed)),
    ...checkValue("isCut", expect.isCut, isCut),
    ...checkTrace(expect.trace, answer),
    ...checkError(expect.error, answer),
  ];
}

export function textOf(body: MessageBody | null): string {
  return body === null ? "" : new TextDecoder().decode(body.bytes);
}

/** Whatever was expected: what cannot be run proves nothing about the service. */
function refusal({ refusal: text }: GatewayAnswer): Mismatch[] {
  if (text === undefined) return [];
  return [{ what: "run", expected: "a request whose policies can be run here", actual: text, path: [] }];
}

function checkValue(
  what: string,
  expected: string | number | boolean | undefined,
  actual: string | number | boolean,
  path: Path = [what],
): Mismatch[] {
  if (expected === undefined || expected === actual) return [];
  return [{ what, expected: String(expected), actual: String(actual), path }];
}

function checkPart(what: string, part: string | undefined, actual: string): Mismatch[] {
  if (part === undefined || actual.includes(part)) return [];
  return [{ what, expected: `a text with ${JSON.stringify(part)}`, actual, path: [what] }];
}

function checkByName(
  what: string,
  checks: Readonly<Record<string, TextCheck>> | undefined,
  read: (name: string) => string | undefined,
  path: Path,
): Mismatch[] {
  return Object.entries(checks ?? {}).flatMap(([name, check]) =>
    checkText(`${what}.${name}`, check, read(name), [...path, name]),
  );
}

function checkText(
  what: string,
  check: TextCheck | undefined,
  actual: string | undefined,
  path: Path,
): Mismatch[] {
  if (check === undefined || fitsText(check, actual)) return [];
  return [{ what, expected: describeCheck(check), actual: actual ?? absent, path }];
}

function fitsText(check: TextCheck, actual: string | undefined): boolean {
  if (check === null || actual === undefined) return check === null && actual === undefined;
  if (typeof check === "string") return check === actual;
  const { contains, matches } = check;
  return (
    (contains === undefined || actual.includes(contains)) &&
    (matches === undefined || new RegExp(matches).test(actual))
  );
}

function describeCheck(check: TextCheck): string {
  if (check === null) return absent;
  if (typeof check === "string") return check;
  const { contains, matches } = check;
  return [
    ...(contains === undefined ? [] : [`a text with ${JSON.stringify(contains)}`]),
    ...(matches === undefined ? [] : [`a text that matches /${matches}/`]),
  ].join(" and ");
}

function checkBody(what: string, expected: BodySpec | undefined, actual: string, path: Path): Mismatch[] {
  if (expected === undefined) return [];
  if (typeof expected === "string") return checkValue(what, expected, actual, path);
  const json = readJson(actual);
  if (json === undefined) return [{ what, expected: JSON.stringify(expected, null, 2), actual, path }];
  return checkJson(what, expected, json.value, path);
}

function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Maps may have more keys than are expected; lists are as long as they are. */
function checkJson(what: string, expected: unknown, actual: unknown, path: Path): Mismatch[] {
  if (isMap(expected) && isMap(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      checkJson(`${what}.${key}`, value, Object.hasOwn(actual, key) ? actual[key] : undefined, [
        ...path,
        key,
      ]),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) =>
      checkJson(`${what}[${index}]`, item, actual[index], [...path, index]),
    );
  }
  if (expected === actual) return [];
  return [{ what, expected: printJson(expected), actual: printJson(actual), path }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function printJson(value: unknown): string {
  return value === undefined ? absent : JSON.stringify(value, null, 2);
}

function checkBackends(expected: readonly string[] | undefined, { attempts }: GatewayAnswer): Mismatch[] {
  if (expected === undefined) return [];
  const actual = attempts.map(({ backend }) => backend ?? "(a URL)");
  const isSame =
    expected.length === actual.length &&
    expected.every((id, index) => id.toLowerCase() === actual[index]?.toLowerCase());
  if (isSame) return [];
  return [{ what: "backends", expected: listed(expected), actual: listed(actual), path: ["backends"] }];
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? "(none)" : ids.join(", ");
}

function checkSent(expected: Expectation["sent"], sent: readonly SentCall[]): Mismatch[] {
  if (expected === undefined) return [];
  if (!Array.isArray(expected)) {
    const last = sent.at(-1);
    if (last === undefined) return [notSent("sent", expected, ["sent"])];
    return checkCall("sent", expected, last, ["sent"]);
  }
  const found = expected.flatMap((check, index) => {
    const [what, path, call] = [`sent[${index}]`, ["sent", index], sent[index]] as const;
    return call === undefined ? [notSent(what, check, path)] : checkCall(what, check, call, path);
  });
  const [extra] = sent.slice(expected.length);
  if (extra === undefined) return found;
  const count = `${sent.length}, the next one ${extra.method} ${printUrl(extra.url)}`;
  return [...found, { what: "sent", expected: `${expected.length} calls`, actual: count, path: ["sent"] }];
}

function notSent(what: string, { backend }: SentCheck, path: Path): Mismatch {
  return { what, expected: `a call${backend === undefined ? "" : ` to ${backend}`}`, actual: "(none)", path };
}

function checkCall(what: string, check: SentCheck, call: SentCall, path: Path): Mismatch[] {
  const { url } = call;
  return [
    ...checkValue(`${what}.backend`, check.backend, call.backend ?? "(a URL)", [...path, "backend"]),
    ...checkValue(`${what}.method`, check.method, call.method, [...path, "method"]),
    ...checkText(`${what}.url`, check.url, printUrl(url), [...path, "url"]),
    ...checkText(`${what}.path`, check.path, url.path, [...path, "path"]),
    ...checkByName(`${what}.query`, check.query, (name) => queryValue(url.queryString, name), [
      ...path,
      "query",
    ]),
    ...checkByName(`${what}.headers`, check.headers, (name) => call.headers.get(name)?.join(", "), [
      ...path,
      "headers",
    ]),
    ...checkBody(`${what}.body`, check.body, call.body, [...path, "body"]),
  ];
}

/** An answer that is no stream is there all at once. */
function firstByteOf({ firstByte, isCut, elapsed }: Observed): number | undefined {
  return firstByte ?? (isCut ? undefined : elapsed);
}

function checkTime(what: string, expected: Expectation["elapsed"], actual: number | undefined): Mismatch[] {
  if (expected === undefined) return [];
  const { min, max } = typeof expected === "object" ? expected : { min: expected, max: expected };
  const least = min === undefined ? 0 : parseDuration(min);
  const most = max === undefined ? Infinity : parseDuration(max);
  if (actual !== undefined && actual >= least && actual <= most) return [];
  const shown = actual === undefined ? absent : `${actual} ms`;
  return [{ what, expected: describeTimes(least, most), actual: shown, path: [what] }];
}

function describeTimes(least: number, most: number): string {
  if (least === most) return `${least} ms`;
  return most === Infinity ? `at least ${least} ms` : `${least} to ${most} ms`;
}

function checkTrace(expected: readonly string[] | undefined, { trace }: GatewayAnswer): Mismatch[] {
  return (expected ?? []).flatMap((part, index) => {
    if (trace.some(({ text }) => text.includes(part))) return [];
    const wanted = `a line with ${JSON.stringify(part)}`;
    return [{ what: `trace[${index}]`, expected: wanted, actual: absent, path: ["trace", index] }];
  });
}

function checkError(expected: string | null | undefined, { error }: GatewayAnswer): Mismatch[] {
  if (expected === undefined) return [];
  const actual = error?.message;
  const fits = expected === null ? actual === undefined : actual?.includes(expected) === true;
  if (fits) return [];
  return [{ what: "error", expected: expected ?? absent, actual: actual ?? absent, path: ["error"] }];
}
