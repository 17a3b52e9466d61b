import type { PolicyRule } from "../policy-rule.ts";
import { firstInBranches } from "./policy-places.ts";

const lookups = ["cache-lookup", "llm-semantic-cache-lookup", "azure-openai-semantic-cache-lookup"];

export const cacheWithoutLimit: PolicyRule = {
  id: "cache-without-limit",
  severity: "info",
  summary: "Nothing limits the calls to the backend when the cache is away.",
  why: "The cache may be lost or unreachable, and then every request goes to the backend; a rate limit right behind the lookup is the advice of its page (learn.microsoft.com/azure/api-management/cache-lookup-policy, llm-semantic-cache-lookup-policy).",
  examples: {
    bad: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
    good: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /><rate-limit calls="100" renewal-period="60" /></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
  },
  check: (context) =>
    firstInBranches(context, ...lookups).flatMap(({ element, after }) => {
      if (after.some(({ name }) => name.startsWith("rate-limit") || name === "include-fragment")) return [];
      return [
        {
          message: "when the cache is away, nothing behind this lookup limits the calls to the backend",
          element,
          help: "add `rate-limit` or `rate-limit-by-key` right behind it",
        },
      ];
    }),
};
