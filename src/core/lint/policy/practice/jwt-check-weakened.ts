import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

const checks = {
  "require-signed-tokens": "anyone can write a token that passes",
  "require-expiration-time": "a token that leaked works for ever",
};

export const jwtCheckWeakened: PolicyRule = {
  id: "jwt-check-weakened",
  severity: "warning",
  summary: "Tokens are accepted unsigned or without an end.",
  why: "Both checks are on by default; turning one off takes away what the validation is for (RFC 8725, section 3.1; learn.microsoft.com/azure/api-management/validate-jwt-policy).",
  examples: {
    bad: `<policies><inbound><base /><validate-jwt header-name="Authorization" require-signed-tokens="false"><audiences><audience>api://a</audience></audiences></validate-jwt></inbound></policies>`,
    good: `<policies><inbound><base /><validate-jwt header-name="Authorization" require-signed-tokens="true"><openid-config url="https://a.example/.well-known/openid-configuration" /><audiences><audience>api://a</audience></audiences></validate-jwt></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "validate-jwt").flatMap(({ element }) =>
      Object.entries(checks).flatMap(([name, effect]) => {
        const given = attributeOf(element, name);
        if (given?.value !== "false") return [];
        return [
          {
            message: `with \`${name}="false"\` ${effect}`,
            ...placeOf(element, given),
            help: `leave \`${name}\` out: it is true by default`,
          },
        ];
      }),
    ),
};
