import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

const constant = /^\s*(?:@\(\s*(true|false)\s*\)|(true|false))\s*$/i;

export const conditionConstant: PolicyRule = {
  id: "condition-constant",
  severity: "warning",
  summary: "A condition that is always true or always false.",
  why: "`choose` runs the first branch whose condition holds, and `retry` goes on while its condition holds: a constant makes branches dead or repeats what succeeded (learn.microsoft.com/azure/api-management/choose-policy, retry-policy).",
  examples: {
    bad: `<policies><inbound><base /><choose><when condition="@(false)"><set-variable name="a" value="b" /></when></choose></inbound></policies>`,
    good: `<policies><inbound><base /><choose><when condition="@(context.Request.Method == &quot;GET&quot;)"><set-variable name="a" value="b" /></when></choose></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "when", "retry").flatMap(({ element }) => {
      const condition = attributeOf(element, "condition");
      const found = constant.exec(condition?.value ?? "");
      const value = (found?.[1] ?? found?.[2])?.toLowerCase();
      if (value === undefined) return [];
      return [
        {
          message: `this condition is always ${value}: ${effects[element.name === "retry" ? "retry" : "when"][value === "true" ? "true" : "false"]}`,
          ...placeOf(element, condition),
          help: "say what it depends on, or leave the policy out",
        },
      ];
    }),
};

const effects = {
  when: { true: "no branch after it ever runs", false: "the branch never runs" },
  retry: { true: "what succeeds is repeated all the same", false: "nothing is ever tried again" },
};
