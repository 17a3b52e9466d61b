import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

const limit = 5;

export const metricDimensionsOverLimit: PolicyRule = {
  id: "metric-dimensions-over-limit",
  severity: "warning",
  summary: "A token metric has more than five custom dimensions.",
  why: "At most five custom dimensions are supported for a custom metric of this policy (learn.microsoft.com/azure/api-management/llm-emit-token-metric-policy).",
  examples: {
    bad: `<policies><inbound><base /><llm-emit-token-metric>${["a", "b", "c", "d", "e", "f"].map((name) => `<dimension name="${name}" value="x" />`).join("")}</llm-emit-token-metric></inbound></policies>`,
    good: `<policies><inbound><base /><llm-emit-token-metric><dimension name="API ID" /><dimension name="a" value="x" /></llm-emit-token-metric></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "llm-emit-token-metric").flatMap(({ element }) => {
      const custom = childElements(element).filter((child) => attributeOf(child, "value") !== undefined);
      const first = custom[limit];
      if (first === undefined) return [];
      return [
        {
          message: `${custom.length} custom dimensions, and the policy supports ${limit}`,
          element: first,
          help: "keep the dimensions that reports need; put the rest in logs",
        },
      ];
    }),
};
