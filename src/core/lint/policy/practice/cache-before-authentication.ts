import type { PolicyRule } from "../policy-rule.ts";
import { firstInBranches } from "./policy-places.ts";

const lookups = ["cache-lookup", "llm-semantic-cache-lookup", "azure-openai-semantic-cache-lookup"];
const guards: ReadonlySet<string> = new Set([
  "validate-jwt",
  "validate-azure-ad-token",
  "validate-client-certificate",
  "check-header",
  "ip-filter",
]);

export const cacheBeforeAuthentication: PolicyRule = {
  id: "cache-before-authentication",
  severity: "warning",
  summary: "Answers come from the cache before the caller is checked.",
  why: "A hit is returned where the lookup stands; checks behind it are not made for that request (learn.microsoft.com/azure/api-management/cache-lookup-policy).",
  examples: {
    bad: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /><ip-filter action="allow"><address>10.0.0.1</address></ip-filter></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
    good: `<policies><inbound><base /><ip-filter action="allow"><address>10.0.0.1</address></ip-filter><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
  },
  check: (context) =>
    firstInBranches(context, ...lookups).flatMap(({ element, after }) => {
      const guard = after.find(({ name }) => guards.has(name));
      if (guard === undefined) return [];
      return [
        {
          message: `cached answers are returned before \`${guard.name}\` has checked the caller`,
          element,
          help: `move \`${element.name}\` behind \`${guard.name}\``,
        },
      ];
    }),
};
