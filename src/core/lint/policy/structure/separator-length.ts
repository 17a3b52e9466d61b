import type { PolicyRule } from "../policy-rule.ts";
import { outbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { isComputed } from "./literals.ts";
import { hasPlaceholder } from "../placeholders.ts";
import { placementsAt } from "./placement.ts";

export const separatorLength: PolicyRule = {
  id: "separator-length",
  severity: "warning",
  summary: "`namespace-separator` of `json-to-xml` is not one character.",
  why: "The separator is a single character (learn.microsoft.com/azure/api-management/json-to-xml-policy).",
  examples: {
    bad: outbound(`<json-to-xml apply="always" namespace-separator="::" />`),
    good: outbound(`<json-to-xml apply="always" namespace-separator=":" />`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "json-to-xml")) {
      const attribute = element.attributes.find(({ name }) => name === "namespace-separator");
      if (attribute === undefined || isComputed(attribute.value) || hasPlaceholder(attribute.value)) continue;
      if (/^.$/su.test(attribute.value)) continue;
      yield atValue(element, attribute, { message: "`namespace-separator` must be one character" });
    }
  },
};
