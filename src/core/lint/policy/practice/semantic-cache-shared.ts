import { childElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { policiesNamed } from "./policy-places.ts";

export const semanticCacheShared: PolicyRule = {
  id: "semantic-cache-shared",
  severity: "warning",
  summary: "A semantic cache that all callers share.",
  why: "Without `vary-by` one caller's prompt may be answered with what another caller was told (learn.microsoft.com/azure/api-management/llm-semantic-cache-lookup-policy advises `vary-by` with a user or subscription id).",
  examples: {
    bad: `<policies><inbound><base /><llm-semantic-cache-lookup score-threshold="0.05" embeddings-backend-id="e" embeddings-backend-auth="system-assigned" /></inbound><outbound><base /><llm-semantic-cache-store duration="60" /></outbound></policies>`,
    good: `<policies><inbound><base /><llm-semantic-cache-lookup score-threshold="0.05" embeddings-backend-id="e" embeddings-backend-auth="system-assigned"><vary-by>@(context.Subscription.Id)</vary-by></llm-semantic-cache-lookup></inbound><outbound><base /><llm-semantic-cache-store duration="60" /></outbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "llm-semantic-cache-lookup", "azure-openai-semantic-cache-lookup").flatMap(
      ({ element }) =>
        childElement(element, "vary-by") !== undefined
          ? []
          : [
              {
                message: "callers get each other's cached answers: there is no `vary-by`",
                element,
                help: "add `<vary-by>@(context.Subscription.Id)</vary-by>`, unless answers are the same for everyone",
              },
            ],
    ),
};
