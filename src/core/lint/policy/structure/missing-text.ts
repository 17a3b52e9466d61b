import { elementText } from "../../../policy/tree.ts";
import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

export const missingText: PolicyRule = {
  id: "missing-text",
  severity: "warning",
  summary: "An element that needs a text is empty.",
  why: "Elements such as `set-method` and `audience` say nothing without their text (learn.microsoft.com/azure/api-management/set-method-policy and others).",
  examples: { bad: inbound(`<set-method />`), good: inbound(`<set-method>GET</set-method>`) },
  *check(context) {
    for (const { element, content } of knownPlacements(context)) {
      const isEmpty = elementText(element).trim() === "" && childElements(element).length === 0;
      if (content.text?.required !== true || !isEmpty) continue;
      yield atElement(element, { message: `\`${element.name}\` is empty` });
    }
  },
};
