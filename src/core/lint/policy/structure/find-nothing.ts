import type { PolicyRule } from "../policy-rule.ts";
import { outbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { placementsAt } from "./placement.ts";

export const findNothing: PolicyRule = {
  id: "find-nothing",
  severity: "error",
  summary: "`find-and-replace` looks for nothing.",
  why: "`from` must not be empty (learn.microsoft.com/azure/api-management/find-and-replace-policy).",
  examples: {
    bad: outbound(`<find-and-replace from="" to="x" />`),
    good: outbound(`<find-and-replace from="x" to="" />`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "find-and-replace")) {
      const attribute = element.attributes.find(({ name }) => name === "from");
      if (attribute?.value !== "") continue;
      yield atValue(element, attribute, { message: "`from` must not be empty" });
    }
  },
};
