import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue, doubtful } from "./findings.ts";
import { isComputed, typedAttributes } from "./literals.ts";

export const expressionNotAllowed: PolicyRule = {
  id: "expression-not-allowed",
  severity: "error",
  summary: "A policy expression stands in an attribute that takes literals only.",
  why: "The service reads such an attribute when the document is saved and refuses the expression as a wrong value. A named value `{{name}}` is put in before and may stand there (MicrosoftDocs/azure-docs#103071).",
  examples: {
    bad: inbound(`<mock-response status-code="@(200)" content-type="application/json" />`),
    good: inbound(`<mock-response status-code="200" content-type="application/json" />`),
  },
  *check(context) {
    for (const { place, element, attribute, definition } of typedAttributes(context)) {
      if (definition.expressions !== false || !isComputed(attribute.value)) continue;
      yield atValue(element, attribute, {
        message: `\`${attribute.name}\` of \`${element.name}\` takes no policy expression`,
        help: "write the value itself, or a named value `{{name}}`",
        ...doubtful(
          place.isDoubtful ||
            definition.undocumented === true ||
            definition.doubts?.includes("expressions") === true,
        ),
      });
    }
  },
};
