/** Whether an answer can pass the gateway as it comes: what the policies of a request do with its body. */
import { startsAsExpression } from "../policy/expression/scan.ts";
import { attributeValue } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { AnswerUse } from "./exchange.ts";

/** Policies that look into the body that passes. */
const readers = new Set([
  "cache-store",
  "find-and-replace",
  "json-to-xml",
  "jsonp",
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
  const pending = [...documents];
  const seen = new Set<PolicyDocument>();
  let use: AnswerUse = "none";
  for (let document = pending.pop(); document !== undefined; document = pending.pop()) {
    if (seen.has(document)) continue;
    seen.add(document);
    walkElements(document.root, (element) => {
      if (counters.test(element.name) && use === "none") use = "usage";
      if (readsContent(element)) use = "content";
      const included =
        element.name === "include-fragment" ? attributeValue(element, "fragment-id") : undefined;
      const fragment = included === undefined ? undefined : fragments.get(included.toLowerCase());
      if (fragment !== undefined) pending.push(fragment);
    });
  }
  return use;
}

function readsContent(element: PolicyElement): boolean {
  const { name, attributes, children } = element;
  if (readers.has(name)) return true;
  // A quota of kilobytes, of its own or of an API in it.
  if (attributeValue(element, "bandwidth") !== undefined) return true;
  if (name === "set-body" && attributeValue(element, "template") !== undefined) return true;
  return (
    attributes.some(({ value }) => mayReadAnswer(value)) ||
    children.some((node) => node.type === "text" && mayReadAnswer(node.value))
  );
}

function mayReadAnswer(text: string): boolean {
  return startsAsExpression(text) && /\.\s*Body\b/.test(text.replace(otherBodies, ""));
}
