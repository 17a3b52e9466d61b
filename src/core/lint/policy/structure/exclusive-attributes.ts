import type { PolicyRule } from "../policy-rule.ts";
import { exclusiveGroups } from "./attribute-constraints.ts";
import { inbound } from "./examples.ts";
import { allOf, atName } from "./findings.ts";
import { placementsAt } from "./placement.ts";

export const exclusiveAttributes: PolicyRule = {
  id: "exclusive-attributes",
  severity: "error",
  summary: "Attributes are given of which only one may be.",
  why: "The pages of these policies take one of them at a time (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<set-backend-service base-url="https://example.com" backend-id="example" />`),
    good: inbound(`<set-backend-service backend-id="example" />`),
  },
  *check(context) {
    for (const { path, attributes, severity } of exclusiveGroups) {
      for (const { element } of placementsAt(context, path)) {
        const given = element.attributes.filter(({ name }) => attributes.includes(name));
        const [, second] = given;
        if (second === undefined) continue;
        yield atName(element, second, {
          message: `${allOf(given.map(({ name }) => name))} of \`${element.name}\` exclude each other`,
          help: "give one of them",
          ...(severity === undefined ? {} : { severity }),
        });
      }
    }
  },
};
