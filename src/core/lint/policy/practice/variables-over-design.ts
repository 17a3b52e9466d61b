import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

const designedFor = 50;

export const variablesOverDesign: PolicyRule = {
  id: "variables-over-design",
  severity: "info",
  summary: "A document sets more than 50 variables.",
  why: "The gateway is designed for about 50 variables in a request; more make it slow (learn.microsoft.com/azure/api-management/fragment-variable-mechanisms).",
  examples: {
    bad: `<policies><inbound><base />${Array.from({ length: designedFor + 1 }, (_, index) => `<set-variable name="v${index}" value="1" />`).join("")}</inbound></policies>`,
    good: `<policies><inbound><base /><set-variable name="v1" value="1" /><set-variable name="v2" value="1" /></inbound></policies>`,
  },
  check(context) {
    const names = new Set<string>();
    for (const { element } of policiesNamed(context, "set-variable")) {
      names.add(attributeOf(element, "name")?.value ?? "");
      if (names.size > designedFor)
        return [
          {
            message: `more than ${designedFor} variables are set`,
            element,
            help: "keep values that belong together in one JObject variable",
          },
        ];
    }
    return [];
  },
};
