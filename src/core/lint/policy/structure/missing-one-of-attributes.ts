import type { PolicyRule } from "../policy-rule.ts";
import { neededGroups } from "./attribute-constraints.ts";
import { inbound } from "./examples.ts";
import { atElement, oneOf } from "./findings.ts";
import { placementsAt } from "./placement.ts";

export const missingOneOfAttributes: PolicyRule = {
  id: "missing-one-of-attributes",
  severity: "error",
  summary: "An element has none of several attributes of which it needs one.",
  why: "The pages of these policies demand one of them: without it there is nothing to limit, to read or to call (learn.microsoft.com/azure/api-management/quota-policy and others).",
  examples: {
    bad: inbound(`<quota-by-key renewal-period="3600" counter-key="@(context.Subscription.Id)" />`),
    good: inbound(
      `<quota-by-key calls="100" renewal-period="3600" counter-key="@(context.Subscription.Id)" />`,
    ),
  },
  *check(context) {
    for (const { path, attributes, severity } of neededGroups) {
      for (const { element } of placementsAt(context, path)) {
        if (element.attributes.some(({ name }) => attributes.includes(name))) continue;
        yield atElement(element, {
          message: `\`${element.name}\` needs ${oneOf(attributes)}`,
          ...(severity === undefined ? {} : { severity }),
        });
      }
    }
  },
};
