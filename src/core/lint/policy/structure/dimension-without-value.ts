import { attributeValue } from "../../../policy/tree.ts";
import { knownDimensions } from "../../../spec/schema-product.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const metricPolicies = ["emit-metric", "llm-emit-token-metric", "azure-openai-emit-token-metric"];

/** The newer pages of the token metrics have one more. */
function defaultsOf(policy: string): readonly string[] {
  return knownDimensions.filter((name) => policy !== "emit-metric" || name !== "Backend ID");
}

export const dimensionWithoutValue: PolicyRule = {
  id: "dimension-without-value",
  severity: "warning",
  summary: "A dimension has no value, and its name is not one that has a value by itself.",
  why: "Only the default dimensions, such as `API ID`, may be given by name alone (learn.microsoft.com/azure/api-management/emit-metric-policy).",
  examples: {
    bad: inbound(`<emit-metric name="requests" namespace="app"><dimension name="Team" /></emit-metric>`),
    good: inbound(`<emit-metric name="requests" namespace="app"><dimension name="API ID" /></emit-metric>`),
  },
  *check(context) {
    for (const policy of metricPolicies) {
      const names = defaultsOf(policy);
      for (const { element } of placementsAt(context, `${policy}/dimension`)) {
        const name = literalAttribute(element, "name");
        const hasValue = attributeValue(element, "value") !== undefined;
        if (hasValue || name === undefined || names.includes(name)) continue;
        yield atElement(element, {
          message: `the dimension \`${name}\` needs a value`,
          help: `without a value go ${names.join(", ")}`,
        });
      }
    }
  },
};
