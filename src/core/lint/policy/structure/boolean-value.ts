import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue, doubtful } from "./findings.ts";
import { typedLiterals, isLikePlaceholder } from "./literals.ts";

export const booleanValue: PolicyRule = {
  id: "boolean-value",
  severity: "error",
  summary: "An attribute needs `true` or `false`.",
  why: "The service answers `The attribute is invalid` for anything else. Capitals, `1` and `0` are taken in some places: a warning (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<rewrite-uri template="/v2" copy-unmatched-params="yes" />`),
    good: inbound(`<rewrite-uri template="/v2" copy-unmatched-params="false" />`),
  },
  *check(context) {
    for (const { place, element, attribute, definition, literal } of typedLiterals(context, ["boolean"])) {
      if (literal === "true" || literal === "false") continue;
      yield atValue(element, attribute, {
        message: `\`${attribute.name}\` of \`${element.name}\` must be \`true\` or \`false\`, not \`${literal}\``,
        ...doubtful(
          place.isDoubtful ||
            isLikePlaceholder(literal) ||
            definition.undocumented === true ||
            /^(true|false|1|0)$/i.test(literal),
        ),
      });
    }
  },
};
