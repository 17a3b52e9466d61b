import { attributeValue, childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const sources = new Set(["openid-config", "include-fragment"]);
const keyLists = new Set(["issuer-signing-keys", "issuer-signing-tokens"]);

export const jwtWithoutKeys: PolicyRule = {
  id: "jwt-without-keys",
  severity: "warning",
  summary: "`validate-jwt` has no keys to check signatures with.",
  why: "Signed tokens are required by default, and without `openid-config` or `issuer-signing-keys` no signature can be checked (learn.microsoft.com/azure/api-management/validate-jwt-policy).",
  examples: {
    bad: inbound(
      `<validate-jwt header-name="Authorization"><audiences><audience>api</audience></audiences></validate-jwt>`,
    ),
    good: inbound(
      `<validate-jwt header-name="Authorization"><openid-config url="https://example.com/.well-known/openid-configuration" /></validate-jwt>`,
    ),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "validate-jwt")) {
      const isSigned =
        attributeValue(element, "require-signed-tokens") === undefined ||
        literalAttribute(element, "require-signed-tokens") === "true";
      const hasKeys = childElements(element).some(
        ({ name, children }) => sources.has(name) || (keyLists.has(name) && children.length > 0),
      );
      if (!isSigned || hasKeys) continue;
      yield atElement(element, {
        message: "`validate-jwt` has no keys to check signatures with",
        help: "add `openid-config` or `issuer-signing-keys`",
      });
    }
  },
};
