import type { PolicyRule } from "../policy-rule.ts";
import { expectsStreaming, servesModel, turnsBufferingOff } from "./evidence.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

/** Policies that need the whole answer. */
const wholeBody = [
  "validate-content",
  "cache-store",
  "llm-semantic-cache-store",
  "azure-openai-semantic-cache-store",
  "find-and-replace",
  "json-to-xml",
  "xml-to-json",
  "redirect-content-urls",
  "xsl-transform",
];

export const bodyPolicyBreaksStreaming: PolicyRule = {
  id: "body-policy-breaks-streaming",
  severity: "warning",
  summary: "A policy in `outbound` needs the whole answer, and answers may be event streams.",
  why: "Validating, caching or rewriting a body makes the gateway collect it first, which event streams do not survive; the guide asks to avoid such policies (learn.microsoft.com/azure/api-management/how-to-server-sent-events).",
  examples: {
    bad: `<policies><backend><forward-request buffer-response="false" /></backend><outbound><base /><find-and-replace from="a" to="b" /></outbound></policies>`,
    good: `<policies><backend><forward-request buffer-response="false" /></backend><outbound><base /></outbound></policies>`,
  },
  check(context) {
    const found = policiesNamed(context, ...wholeBody).filter(
      ({ section, ancestors }) =>
        section === "outbound" &&
        !ancestors.some((ancestor) =>
          /stream|content-type/i.test(attributeOf(ancestor, "condition")?.value ?? ""),
        ),
    );
    if (found.length === 0) return [];
    if (!turnsBufferingOff(context) && !(servesModel(context) && expectsStreaming(context))) return [];
    return found.map(({ element }) => ({
      message: `\`${element.name}\` collects the whole answer, and this document lets answers stream`,
      element,
      help: "put it in a `choose` that leaves `text/event-stream` answers out",
    }));
  },
};
