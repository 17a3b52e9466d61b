import type { PolicyRule } from "../policy-rule.ts";
import { servesModel } from "./evidence.ts";
import { includesFragments, policiesNamed } from "./policy-places.ts";

export const modelLimitedByCallsOnly: PolicyRule = {
  id: "model-limited-by-calls-only",
  severity: "info",
  summary: "An API of a language model is limited by calls and not by tokens.",
  why: "A model's quota is in tokens: a few calls with long prompts use it up within any limit on calls (learn.microsoft.com/azure/api-management/llm-token-limit-policy).",
  examples: {
    bad: `<policies><inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" /><set-backend-service base-url="https://a.openai.azure.com/openai" /></inbound></policies>`,
    good: `<policies><inbound><base /><llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="5000" estimate-prompt-tokens="true" /><set-backend-service base-url="https://a.openai.azure.com/openai" /></inbound></policies>`,
  },
  check(context) {
    const [limit] = policiesNamed(context, "rate-limit", "rate-limit-by-key");
    const tokenLimits = policiesNamed(context, "llm-token-limit", "azure-openai-token-limit");
    if (limit === undefined || tokenLimits.length > 0 || includesFragments(context)) return [];
    if (!servesModel(context)) return [];
    return [
      {
        message: "calls are limited here and tokens are not",
        element: limit.element,
        help: "add `llm-token-limit`; keep the limit on calls if it is wanted as well",
      },
    ];
  },
};
