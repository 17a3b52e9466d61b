import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

const counters = ["rate-limit-by-key", "quota-by-key", "llm-token-limit", "azure-openai-token-limit"];

export const sharedCounterKey: PolicyRule = {
  id: "shared-counter-key",
  severity: "info",
  summary: "A limit whose counter all callers share.",
  why: "There is one counter for each value of `counter-key`, across all scopes: with a fixed value one caller uses up the limit of all (learn.microsoft.com/azure/api-management/rate-limit-by-key-policy).",
  examples: {
    bad: `<policies><inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="all" /></inbound></policies>`,
    good: `<policies><inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, ...counters).flatMap(({ element }) => {
      const key = attributeOf(element, "counter-key");
      const literal = literalText(key?.value);
      if (literal === undefined) return [];
      return [
        {
          message: `all callers share the one counter \`${literal}\``,
          ...placeOf(element, key),
          help: "use an expression that tells callers apart, such as `@(context.Subscription.Id)`, unless the limit protects the backend as a whole",
        },
      ];
    }),
};
