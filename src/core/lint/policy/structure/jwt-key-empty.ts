import { attributeValue, elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { placementsAt } from "./placement.ts";

export const jwtKeyEmpty: PolicyRule = {
  id: "jwt-key-empty",
  severity: "error",
  summary: "A key of `validate-jwt` says nothing about the key.",
  why: "A key is Base64 text, a `certificate-id`, or `n` with `e` (learn.microsoft.com/azure/api-management/validate-jwt-policy).",
  examples: {
    bad: inbound(
      `<validate-jwt header-name="Authorization"><issuer-signing-keys><key id="k" /></issuer-signing-keys></validate-jwt>`,
    ),
    good: inbound(
      `<validate-jwt header-name="Authorization"><issuer-signing-keys><key certificate-id="c" /></issuer-signing-keys></validate-jwt>`,
    ),
  },
  *check(context) {
    for (const path of ["validate-jwt/issuer-signing-keys/key", "validate-jwt/decryption-keys/key"]) {
      for (const { element } of placementsAt(context, path)) {
        const hasKey = ["certificate-id", "n", "e"].some(
          (name) => attributeValue(element, name) !== undefined,
        );
        if (hasKey || elementText(element).trim() !== "") continue;
        yield atElement(element, {
          message: "this key has neither text nor `certificate-id` nor `n` with `e`",
        });
      }
    }
  },
};
