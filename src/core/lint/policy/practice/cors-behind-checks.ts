import type { PolicyRule } from "../policy-rule.ts";
import { firstInBranches } from "./policy-places.ts";

/** Policies that may refuse the request. */
const refusing: ReadonlySet<string> = new Set([
  "validate-jwt",
  "validate-azure-ad-token",
  "validate-client-certificate",
  "check-header",
  "ip-filter",
  "rate-limit",
  "rate-limit-by-key",
  "quota",
  "quota-by-key",
  "llm-token-limit",
  "azure-openai-token-limit",
]);

export const corsBehindChecks: PolicyRule = {
  id: "cors-behind-checks",
  severity: "info",
  summary: "`cors` stands behind policies that may refuse the request.",
  why: "A refusal that comes before `cors` has no CORS headers, so a browser shows a CORS error in place of the 401 or 429; the page wants `cors` to be the first policy (learn.microsoft.com/azure/api-management/cors-policy).",
  examples: {
    bad: `<policies><inbound><base /><rate-limit calls="10" renewal-period="60" /><cors><allowed-origins><origin>https://app.example</origin></allowed-origins></cors></inbound></policies>`,
    good: `<policies><inbound><base /><cors><allowed-origins><origin>https://app.example</origin></allowed-origins></cors><rate-limit calls="10" renewal-period="60" /></inbound></policies>`,
  },
  check: (context) =>
    firstInBranches(context, "cors").flatMap(({ element, before }) => {
      const check = before.find(({ name }) => refusing.has(name));
      if (check === undefined) return [];
      return [
        {
          message: `what \`${check.name}\` refuses goes out without CORS headers`,
          element,
          help: "make `cors` the first policy of `inbound`",
        },
      ];
    }),
};
