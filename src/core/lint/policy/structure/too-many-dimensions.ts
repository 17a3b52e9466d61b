import { attributeValue, childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { placementsAt } from "./placement.ts";

const policies = ["emit-metric", "llm-emit-token-metric", "azure-openai-emit-token-metric"];
const maxCustom = 5;

const dimensions = (count: number) =>
  Array.from({ length: count }, (_, index) => `<dimension name="d${index}" value="x" />`).join("");

export const tooManyDimensions: PolicyRule = {
  id: "too-many-dimensions",
  severity: "warning",
  summary: "A metric has more than five dimensions of its own.",
  why: "The newer pages allow 5 custom dimensions, older ones and the schema 10 in all; Application Insights keeps no more (learn.microsoft.com/azure/api-management/emit-metric-policy, llm-emit-token-metric-policy).",
  examples: {
    bad: inbound(`<emit-metric name="requests" value="1" namespace="app">${dimensions(6)}</emit-metric>`),
    good: inbound(`<emit-metric name="requests" value="1" namespace="app">${dimensions(5)}</emit-metric>`),
  },
  *check(context) {
    for (const path of policies) {
      for (const { element } of placementsAt(context, path)) {
        const own = childElements(element).filter((child) => attributeValue(child, "value") !== undefined);
        if (own.length <= maxCustom) continue;
        yield atElement(element, {
          message: `\`${element.name}\` has ${own.length} dimensions with a value of their own; ${maxCustom} are documented`,
          help: "keep the dimensions that reports need; put the rest in logs",
        });
      }
    }
  },
};
