import type { AttributeDefinition } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue, doubtful } from "./findings.ts";
import { integerTypes, typedLiterals, isLikePlaceholder } from "./literals.ts";

export const numberValue: PolicyRule = {
  id: "number-value",
  severity: "error",
  summary: "An attribute needs a number.",
  why: "The service answers `The value is invalid according to its datatype`. Durations are whole seconds (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<rate-limit calls="ten" renewal-period="60" />`),
    good: inbound(`<rate-limit calls="10" renewal-period="60" />`),
  },
  *check(context) {
    for (const typed of typedLiterals(context, [...integerTypes, "number"])) {
      const { place, element, attribute, definition, literal } = typed;
      const isDecimal = /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(literal);
      const isFine = definition.type === "number" ? isDecimal : /^[+-]?\d+$/.test(literal);
      if (isFine) continue;
      yield atValue(element, attribute, {
        message: `\`${attribute.name}\` of \`${element.name}\` must be ${kinds[definition.type] ?? "a whole number"}, not \`${literal}\``,
        ...doubtful(
          place.isDoubtful || isLikePlaceholder(literal) || definition.undocumented === true || isDecimal,
        ),
      });
    }
  },
};

const kinds: Partial<Record<AttributeDefinition["type"], string>> = {
  number: "a number",
  "duration-seconds": "a whole number of seconds",
  "duration-milliseconds": "a whole number of milliseconds",
  "http-status": "a status code",
};
