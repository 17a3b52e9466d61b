import { nearestName } from "../../../nearest-name.ts";
import { policyNames } from "../../../policy/catalogue/catalogue.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, didYouMean } from "./findings.ts";
import { placementsOf } from "./placement.ts";

export const unknownPolicy: PolicyRule = {
  id: "unknown-policy",
  severity: "error",
  summary: "No policy has this name.",
  why: "The service refuses a document with an element it does not know. Names are compared by case (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<set-heder name="x-a" exists-action="override"><value>1</value></set-heder>`),
    good: inbound(`<set-header name="x-a" exists-action="override"><value>1</value></set-header>`),
  },
  *check(context) {
    for (const { role, element } of placementsOf(context)) {
      // A section where no section may stand is told by another rule in fragments.
      const isToldElsewhere = context.shape === "fragment" && isSectionName(element.name);
      if (role !== "unknown-policy" || isToldElsewhere) continue;
      yield atElement(element, {
        message: isSectionName(element.name)
          ? `the section \`${element.name}\` stands where a policy must stand`
          : `there is no policy \`${element.name}\``,
        ...didYouMean(nearestName(element.name, policyNames())),
      });
    }
  },
};
