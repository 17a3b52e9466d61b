import type { PolicyElement } from "../../../policy/tree.ts";
import type { PlacedElement, PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { bodyReads } from "./body-access.ts";
import type { BodyRead } from "./body-access.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

/** Policies after which the body read does not matter any more: they set a new one, or end the request here. */
const settles = new Set([
  "set-body",
  "return-response",
  "mock-response",
  "json-to-xml",
  "xml-to-json",
  "find-and-replace",
  "xsl-transform",
]);
/** These hand the body on themselves; what the backend then gets is rarely meant. */
const senders = new Set(["publish-to-dapr", "invoke-dapr-binding", "send-service-bus-message"]);
/** Inside these an expression fills another message. */
const otherMessages = new Set(["send-request", "send-one-way-request", "return-response"]);

export const bodyReadConsumes: PolicyRule = {
  id: "body-read-consumes",
  severity: "warning",
  summary: "A body is read without `preserveContent` and then sent on.",
  why: "`As<T>()` consumes the body: the next reader fails, and what is sent on is empty. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ref-imessagebody.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="model" value="@((string)context.Request.Body?.As<JObject>()["model"])" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="model" value="@((string)context.Request.Body?.As<JObject>(preserveContent: true)["model"])" /></inbound></policies>`,
  },
  *check(context) {
    if (context.shape !== "document" || context.named("include-fragment").length > 0) return;
    const settled = { Request: lastSettled(context, "Request"), Response: lastSettled(context, "Response") };
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const reads = bodyReads(model).filter(({ preservesContent }) => preservesContent === false);
      const read = reads.find((candidate) => isSentOn(candidate, placed.place, settled[candidate.of]));
      if (read === undefined) continue;
      const message = `context.${read.of}.Body is read without preserveContent: what is sent on has no body`;
      yield findingAt(context, placed, read.node, message, {
        help: "write `As<…>(preserveContent: true)`, or set a new body afterwards",
      });
    }
  },
};

function isSentOn({ of }: BodyRead, place: PlacedElement, settled: number | undefined): boolean {
  const { element, section } = place;
  const sections = of === "Request" ? ["inbound"] : ["outbound"];
  if (section === undefined || !sections.includes(section)) return false;
  const lineage = [...place.ancestors, element];
  if (lineage.some(({ name }) => senders.has(name))) return false;
  if (element.name === "set-body" && !place.ancestors.some(({ name }) => otherMessages.has(name)))
    return false;
  if (place.ancestors.some(({ name }) => name === "return-response")) return false;
  return settled === undefined || settled < startOf(element, -Infinity);
}

/** Where the last policy stands after which the body does not matter; undefined when there is none. */
function lastSettled({ elements }: PolicyLintContext, of: BodyRead["of"]): number | undefined {
  const places = elements.filter(
    (place) => settles.has(place.element.name) && !isInOtherMessage(place) && isSameMessage(place, of),
  );
  return places.reduce<number | undefined>(
    (last, { element }) => Math.max(last ?? -Infinity, startOf(element, Infinity)),
    undefined,
  );
}

/** Document order, by where the elements stand. */
function startOf({ range }: PolicyElement, otherwise: number): number {
  return range?.start.offset ?? otherwise;
}

function isInOtherMessage({ element, ancestors }: PlacedElement): boolean {
  return element.name !== "return-response" && ancestors.some(({ name }) => otherMessages.has(name));
}

function isSameMessage({ section }: PlacedElement, of: BodyRead["of"]): boolean {
  return of === "Request" ? section === "inbound" || section === "backend" : section === "outbound";
}
