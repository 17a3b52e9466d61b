import type { AttributeDefinition } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue, doubtful } from "./findings.ts";
import { integerTypes, typedLiterals } from "./literals.ts";

export const numberRange: PolicyRule = {
  id: "number-range",
  severity: "error",
  summary: "A number is below or above what the attribute takes.",
  why: "The reference states the limits, such as 300 seconds for the `renewal-period` of a rate limit (learn.microsoft.com/azure/api-management/rate-limit-by-key-policy and others).",
  examples: {
    bad: inbound(
      `<rate-limit-by-key calls="1000" renewal-period="3600" counter-key="@(context.Subscription.Id)" />`,
    ),
    good: inbound(
      `<rate-limit-by-key calls="1000" renewal-period="300" counter-key="@(context.Subscription.Id)" />`,
    ),
  },
  *check(context) {
    for (const typed of typedLiterals(context, [...integerTypes, "number"])) {
      const { place, element, attribute, definition, literal } = typed;
      const limit = exceeded(limitsOf(definition), literal === "" ? Number.NaN : Number(literal));
      if (limit === undefined) continue;
      yield atValue(element, attribute, {
        message: `\`${attribute.name}\` of \`${element.name}\` must be ${limit}, not ${literal}`,
        ...doubtful(
          place.isDoubtful ||
            definition.undocumented === true ||
            isAssumed(definition) ||
            definition.doubts?.includes("range") === true,
        ),
      });
    }
  },
};

type Limits = Pick<AttributeDefinition, "min" | "max">;

function exceeded({ min, max }: Limits, value: number): string | undefined {
  if (min !== undefined && value < min) return `at least ${min}`;
  return max !== undefined && value > max ? `at most ${max}` : undefined;
}

function limitsOf({ type, ...own }: AttributeDefinition): Limits {
  return { ...limitsByType(type), ...own };
}

/** Durations and sizes are never negative and status codes have three digits, whether the reference says so or not. */
function limitsByType(type: AttributeDefinition["type"]): Limits {
  if (type === "http-status") return { min: 100, max: 999 };
  return type.startsWith("duration-") || type.startsWith("size-") ? { min: 0 } : {};
}

/** What a service does with a status code of other length is documented where the reference states the limits. */
function isAssumed({ type, min, max }: AttributeDefinition): boolean {
  return type === "http-status" && min === undefined && max === undefined;
}
