import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

export const tokenLimitNotEstimated: PolicyRule = {
  id: "token-limit-not-estimated",
  severity: "info",
  summary: "A token limit that counts only after the answer.",
  why: 'With `estimate-prompt-tokens="false"` tokens are counted from the answer, so one large request passes whatever is left of the limit and only the next ones are refused (learn.microsoft.com/azure/api-management/llm-token-limit-policy).',
  examples: {
    bad: `<policies><inbound><base /><llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="500" estimate-prompt-tokens="false" /></inbound></policies>`,
    good: `<policies><inbound><base /><llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="500" estimate-prompt-tokens="true" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "llm-token-limit", "azure-openai-token-limit").flatMap(({ element }) => {
      const estimate = attributeOf(element, "estimate-prompt-tokens");
      if (estimate?.value !== "false") return [];
      return [
        {
          message: "a single request may go over this limit: its tokens are counted after the answer",
          ...placeOf(element, estimate),
          help: 'where the limit is hard, write `estimate-prompt-tokens="true"` and accept the cost of estimating',
        },
      ];
    }),
};
