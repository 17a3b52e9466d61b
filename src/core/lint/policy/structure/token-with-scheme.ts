import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { placementsAt } from "./placement.ts";

/** A literal, or an expression that is nothing but a text, alone or with something joined to it. */
const withScheme = [
  /^\s*Bearer\s/i,
  /^\s*@\(\s*"Bearer\s[^"]*"\s*(\+|\)\s*$)/i,
  /^\s*@\(\s*\$"Bearer\s[^"]*"\s*\)\s*$/i,
  /^\s*@\{\s*return\s+"Bearer\s[^"]*"\s*[+;]/i,
];

export const tokenWithScheme: PolicyRule = {
  id: "token-with-scheme",
  severity: "error",
  summary: "A token is given for validation with `Bearer` before it.",
  why: "`token-value` is the token by itself: its page says that it must not hold `Bearer` (learn.microsoft.com/azure/api-management/validate-jwt-policy), and so no token is valid.",
  examples: {
    bad: inbound(
      `<validate-azure-ad-token tenant-id="{{tenant}}" token-value="@("Bearer " + (string)context.Variables["token"])" />`,
    ),
    good: inbound(
      `<validate-azure-ad-token tenant-id="{{tenant}}" token-value="@((string)context.Variables["token"])" />`,
    ),
  },
  *check(context) {
    for (const path of ["validate-jwt", "validate-azure-ad-token"]) {
      for (const { element } of placementsAt(context, path)) {
        const attribute = element.attributes.find(({ name }) => name === "token-value");
        if (attribute === undefined || !withScheme.some((form) => form.test(attribute.value))) continue;
        yield atValue(element, attribute, {
          message: "`token-value` starts with `Bearer`, and no token does",
          help: 'give the token alone; `header-name="Authorization"` takes a whole header',
        });
      }
    }
  },
};
