import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

export const certificateByThumbprint: PolicyRule = {
  id: "certificate-by-thumbprint",
  severity: "info",
  summary: "A client certificate is chosen by its thumbprint.",
  why: "A renewed certificate has another thumbprint, and calls fail until the policy is changed; `certificate-id` follows the renewal of a Key Vault certificate (learn.microsoft.com/azure/api-management/authentication-certificate-policy).",
  examples: {
    bad: `<policies><inbound><base /><authentication-certificate thumbprint="CA06F56B258B7A0D4F2B05470939478651151984" /></inbound></policies>`,
    good: `<policies><inbound><base /><authentication-certificate certificate-id="client" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "authentication-certificate").flatMap(({ element }) => {
      const thumbprint = attributeOf(element, "thumbprint");
      if (literalText(thumbprint?.value) === undefined) return [];
      return [
        {
          message: "this thumbprint is valid until the certificate is renewed",
          ...placeOf(element, thumbprint),
          help: "name the certificate by `certificate-id`",
        },
      ];
    }),
};
