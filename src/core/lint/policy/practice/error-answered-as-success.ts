import { childElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

export const errorAnsweredAsSuccess: PolicyRule = {
  id: "error-answered-as-success",
  severity: "warning",
  summary: "`on-error` answers with 200.",
  why: "`return-response` starts from `200 OK`; without `set-status` a failed request looks like a success to clients, retries and alerts (learn.microsoft.com/azure/api-management/return-response-policy).",
  examples: {
    bad: `<policies><inbound><base /></inbound><on-error><base /><return-response><set-body>Something went wrong</set-body></return-response></on-error></policies>`,
    good: `<policies><inbound><base /></inbound><on-error><base /><return-response><set-status code="502" reason="Bad Gateway" /><set-body>Something went wrong</set-body></return-response></on-error></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "return-response").flatMap(({ element, section }) => {
      if (section !== "on-error" || childElement(element, "set-status") !== undefined) return [];
      if (attributeOf(element, "response-variable-name") !== undefined) return [];
      return [
        {
          message: "a request that failed is answered with 200",
          element,
          help: 'add `<set-status code="…" reason="…" />` as its first child',
        },
      ];
    }),
};
