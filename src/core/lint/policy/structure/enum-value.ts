import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue, didYouMean, doubtful, oneOf } from "./findings.ts";
import { typedLiterals, isLikePlaceholder } from "./literals.ts";

export const enumValue: PolicyRule = {
  id: "enum-value",
  severity: "error",
  summary: "An attribute has a value that is not one of those it takes.",
  why: "The service answers `The attribute is invalid`. A value that differs in case only, or that the schema knows and the documentation does not, is a warning (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<ip-filter action="deny"><address>10.0.0.1</address></ip-filter>`),
    good: inbound(`<ip-filter action="forbid"><address>10.0.0.1</address></ip-filter>`),
  },
  *check(context) {
    for (const { place, element, attribute, definition, literal } of typedLiterals(context, ["enum"])) {
      const { values = [], otherValues = [] } = definition;
      if (values.includes(literal)) continue;
      const differsInCase = values.some((value) => value.toLowerCase() === literal.toLowerCase());
      const isDoubtful =
        place.isDoubtful ||
        isLikePlaceholder(literal) ||
        differsInCase ||
        otherValues.includes(literal) ||
        definition.undocumented === true ||
        definition.doubts?.includes("values") === true;
      yield atValue(element, attribute, {
        message: `\`${literal}\` is no value of \`${attribute.name}\` of \`${element.name}\``,
        help: `it takes ${oneOf(values)}`,
        ...didYouMean(nearestName(literal, values)),
        ...doubtful(isDoubtful),
      });
    }
  },
};
