/** A live API's inbound section → `unlisted: deny` and its answer, the other way round of compile/deny.ts. */
import { defaultAnswer } from "../compile/deny.ts";
import type { Inheritance } from "../compile/policies.ts";
import { canonicalJson, isJsonObject } from "../json.ts";
import { attributeValue, childElement, childElements, elementText } from "../policy/tree.ts";
import type { PolicyElement, PolicyNode } from "../policy/tree.ts";
import type { ApiSpec } from "../spec/schema.ts";

export type Denial = {
  readonly inheritance: Inheritance;
  readonly deny: ApiSpec["deny"];
  /** What stands in the section behind the refusal. */
  readonly rest: readonly PolicyNode[];
};

/** What the section seems to refuse; a guess: whoever asks compiles it and compares. */
export function recognizeDenial(inbound: readonly PolicyNode[]): Denial | undefined {
  const at = inbound.findIndex((node) => refusalIn(node) !== undefined);
  const node = inbound[at];
  const refusal = node && refusalIn(node);
  if (refusal === undefined) return undefined;
  const before = inbound.slice(0, at).filter((each) => each.type === "element");
  const inheritance = before.length === 0 ? "replace" : "keep";
  return { inheritance, deny: answerOf(refusal), rest: inbound.slice(at + 1) };
}

/** The node, or what it chooses when the operation is none of a list. */
function refusalIn(node: PolicyNode): PolicyElement | undefined {
  if (node.type !== "element") return undefined;
  if (node.name === "return-response") return node;
  const [when, ...others] = node.name === "choose" ? childElements(node) : [];
  const isByOperation = when && (attributeValue(when, "condition") ?? "").includes("context.Operation.Id");
  return isByOperation === true && others.length === 0 ? childElement(when, "return-response") : undefined;
}

function answerOf(refusal: PolicyElement): ApiSpec["deny"] {
  const status = childElement(refusal, "set-status");
  const body = childElement(refusal, "set-body");
  const code = Number(status && attributeValue(status, "code"));
  const reason = status && attributeValue(status, "reason");
  const answer = {
    status: code === defaultAnswer.status ? undefined : code,
    reason: reason === undefined || reason === defaultAnswer.reason ? undefined : withoutLiteral(reason),
    body: body === undefined ? undefined : bodyOf(elementText(body)),
  };
  return Object.values(answer).every((value) => value === undefined) ? undefined : answer;
}

function bodyOf(text: string): NonNullable<ApiSpec["deny"]>["body"] {
  const value = parseObject(text);
  if (value === undefined) return withoutLiteral(text);
  return canonicalJson(value) === canonicalJson(defaultAnswer.body) ? undefined : value;
}

function parseObject(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** `@("text")` as the text that it gives out. */
function withoutLiteral(written: string): string {
  const literal = /^@\("((?:[^"\\]|\\.)*)"\)$/s.exec(written)?.[1];
  return literal === undefined
    ? written
    : literal.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}
