/** Whether an answer can pass the gateway as it comes: what the policies of a request do with its body. */
import { startsAsExpression } from "../policy/expression/scan.ts";
import { attributeValue, childElements } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { AnswerUse } from "./exchange.ts";

/** Policies that look into the body that passes. */
const readers = new Set([
  "azure-openai-semantic-cache-store",
  "cache-store",
  "find-and-replace",
  "json-to-xml",
  "jsonp",
  "llm-semantic-cache-store",
  "redirect-content-urls",
  "validate-content",
  "xml-to-json",
  "xsl-transform",
]);

const counters = /^(?:llm|azure-openai)-(?:token-limit|emit-token-metric)$/;

/**
 * Bodies of other messages: the request's, and those of requests of their own, whose answers stand in variables. What is left of
 * `.Body` may be the answer's, and counts as that.
 */
const otherBodies =
  /\bRequest\s*\.\s*Body\b|\(\s*\(\s*IResponse\s*\)\s*context\s*\.\s*Variables\s*\[[^\]]*\]\s*\)\s*\.\s*Body\b/g;

/** What the documents, and the fragments they include, do with the body of an answer; when in doubt, they read it. */
export function answerUse(
  documents: readonly PolicyDocument[],
  fragments: ReadonlyMap<string, PolicyDocument>,
): AnswerUse {
  const pending = documents.map((document) => ({ document, isOutbound: false }));
  const seen = new Set<string>();
  const numbers = new Map<PolicyDocument, number>();
  let use: AnswerUse = "none";
  const look = (element: PolicyElement, isOutbound: boolean): void => {
    if (counters.test(element.name) && use === "none") use = "usage";
    if (readsContent(element, isOutbound)) use = "content";
    const included = element.name === "include-fragment" ? attributeValue(element, "fragment-id") : undefined;
    const fragment = included === undefined ? undefined : fragments.get(included.toLowerCase());
    if (fragment !== undefined) pending.push({ document: fragment, isOutbound });
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { document, isOutbound } = next;
    const number = numbers.get(document) ?? numbers.size;
    numbers.set(document, number);
    const key = `${number} ${isOutbound}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { root } = document;
    const sections = root.name === "policies" ? childElements(root) : [root];
    for (const section of sections) {
      const comesAfter = isOutbound || section.name === "outbound" || section.name === "on-error";
      walkElements(section, (element) => look(element, comesAfter));
    }
  }
  return use;
}

function readsContent(element: PolicyElement, isOutbound: boolean): boolean {
  const { name, attributes, children } = element;
  if (readers.has(name)) return true;
  if (name === "llm-content-safety" && (isOutbound || checksCompletions(element))) return true;
  // A quota of kilobytes, of its own or of an API in it.
  if (attributeValue(element, "bandwidth") !== undefined) return true;
  if (name === "set-body" && attributeValue(element, "template") !== undefined) return true;
  return (
    attributes.some(({ value }) => mayReadAnswer(value)) ||
    children.some((node) => node.type === "text" && mayReadAnswer(node.value))
  );
}

function checksCompletions(element: PolicyElement): boolean {
  const value = attributeValue(element, "enforce-on-completions")?.trim().toLowerCase();
  return value !== undefined && value !== "false";
}

function mayReadAnswer(text: string): boolean {
  return startsAsExpression(text) && /\.\s*Body\b/.test(text.replace(otherBodies, ""));
}
