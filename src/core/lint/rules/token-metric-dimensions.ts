import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

/** Of one's own; the names that the gateway fills in by itself do not count. */
const mostOwn = 5;

export const tokenMetricDimensions: Rule = {
  id: "token-metric-dimensions",
  severity: "warning",
  summary: "Token metrics with more dimensions of one's own than the service documents.",
  why:
    "The policy takes ten dimensions in all, and its page promises five of one's own: what goes beyond may be dropped " +
    "(learn.microsoft.com/azure/api-management/llm-emit-token-metric-policy).",
  examples: {
    bad: `
products:
  team-a:
    tokenMetrics:
      dimensions: [API ID, { name: a, value: x }, { name: b, value: x }, { name: c, value: x }, { name: d, value: x }, { name: e, value: x }, { name: f, value: x }]`,
    good: `
products: { team-a: { tokenMetrics: { dimensions: [API ID, Subscription ID, { name: a, value: x }] } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.products ?? {}).flatMap(([id, { tokenMetrics }]) => {
      const own = (tokenMetrics?.dimensions ?? []).filter(
        (dimension) => typeof dimension !== "string",
      ).length;
      if (own <= mostOwn) return [];
      return [
        {
          message: `${own} dimensions of your own; ${mostOwn} are documented`,
          at: source.locateKey(pointer("products", id, "tokenMetrics", "dimensions")),
          help: "leave some out, or put two into one",
        },
      ];
    }),
};
