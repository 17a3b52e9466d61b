import { elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { literalText, policiesNamed } from "./policy-places.ts";
import { looksLikeKey } from "./secret-text.ts";

const document = (key: string): string =>
  `<policies><inbound><base /><validate-jwt header-name="Authorization"><issuer-signing-keys><key>${key}</key></issuer-signing-keys></validate-jwt></inbound></policies>`;

const keyLists = new Set(["issuer-signing-keys", "decryption-keys"]);

export const jwtKeyNotBase64: PolicyRule = {
  id: "jwt-key-not-base64",
  severity: "warning",
  summary: "A key of `validate-jwt` is not written in Base64.",
  why: "Keys that stand in the policy are Base64 (learn.microsoft.com/azure/api-management/validate-jwt-policy). Base64url, with `-` and `_`, is for `n` and `e` only. Words that stand in for a key are passed over.",
  examples: { bad: document("p8Zq2vLr7TnYw4K-Xc1Hs9_a"), good: document("p8Zq2vLr7TnYw4KdXc1Hs9Ea") },
  check: (context) =>
    policiesNamed(context, "key").flatMap(({ element, ancestors }) => {
      const isOfJwt = ancestors.at(-2)?.name === "validate-jwt" && keyLists.has(ancestors.at(-1)?.name ?? "");
      const key = literalText(elementText(element))?.replace(/\s/g, "") ?? "";
      if (!isOfJwt || !looksLikeKey(key) || isBase64(key)) return [];
      return [{ message: "this key is not written in Base64", element }];
    }),
};

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
}
