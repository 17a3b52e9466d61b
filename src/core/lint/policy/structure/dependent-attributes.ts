import type { PolicyRule } from "../policy-rule.ts";
import { dependencies } from "./attribute-constraints.ts";
import { inbound } from "./examples.ts";
import { allOf, atName } from "./findings.ts";
import { placementsAt } from "./placement.ts";

export const dependentAttributes: PolicyRule = {
  id: "dependent-attributes",
  severity: "error",
  summary: "An attribute is given without another that it needs.",
  why: "The pages of these policies ask for both, such as `token-quota` with `token-quota-period` (learn.microsoft.com/azure/api-management/llm-token-limit-policy and others).",
  examples: {
    bad: inbound(
      `<llm-token-limit counter-key="@(context.Subscription.Id)" token-quota="10000" estimate-prompt-tokens="false" />`,
    ),
    good: inbound(
      `<llm-token-limit counter-key="@(context.Subscription.Id)" token-quota="10000" token-quota-period="Daily" estimate-prompt-tokens="false" />`,
    ),
  },
  *check(context) {
    for (const { path, attribute: name, is, needs, severity } of dependencies) {
      for (const { element } of placementsAt(context, path)) {
        const attribute = element.attributes.find((each) => each.name === name);
        if (attribute === undefined || (is !== undefined && attribute.value.trim() !== is)) continue;
        const missing = needs.filter((needed) => !element.attributes.some((each) => each.name === needed));
        if (missing.length === 0) continue;
        const value = is === undefined ? "" : ` with the value \`${is}\``;
        yield atName(element, attribute, {
          message: `\`${name}\` of \`${element.name}\`${value} needs ${allOf(missing)}`,
          ...(severity === undefined ? {} : { severity }),
        });
      }
    }
  },
};
