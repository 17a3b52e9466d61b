import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { integerAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const shortest = 300;

export const quotaPeriod: PolicyRule = {
  id: "quota-period",
  severity: "error",
  summary: "A quota renews in less than 300 seconds.",
  why: "`renewal-period` is 0 (never) or at least 300 (learn.microsoft.com/azure/api-management/quota-by-key-policy). For `quota` the limit is less certain: a warning.",
  examples: {
    bad: inbound(`<quota-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" />`),
    good: inbound(
      `<quota-by-key calls="10" renewal-period="300" counter-key="@(context.Subscription.Id)" />`,
    ),
  },
  *check(context) {
    for (const path of ["quota-by-key", "quota"]) {
      for (const { element } of placementsAt(context, path)) {
        const period = integerAttribute(element, "renewal-period");
        const attribute = element.attributes.find(({ name }) => name === "renewal-period");
        if (attribute === undefined || period === undefined || period <= 0 || period >= shortest) continue;
        yield atValue(element, attribute, {
          message: `\`renewal-period\` of \`${path}\` must be 0 or at least ${shortest}, not ${period}`,
          help: "limit short periods with `rate-limit` or `rate-limit-by-key`",
          ...(path === "quota" ? { severity: "warning" as const } : {}),
        });
      }
    }
  },
};
