import type { PolicyRule } from "../policy-rule.ts";
import { includesFragments, policiesNamed } from "./policy-places.ts";

const kinds = ["cache", "llm-semantic-cache", "azure-openai-semantic-cache"];

export const cacheHalfMissing: PolicyRule = {
  id: "cache-half-missing",
  severity: "warning",
  summary: "A cache is looked up and never filled, or filled and never looked up.",
  why: "Lookup and store must stand together: a lookup alone never hits, and a store alone stores nothing (learn.microsoft.com/azure/api-management/cache-lookup-policy, cache-store-policy, llm-semantic-cache-store-policy).",
  examples: {
    bad: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><outbound><base /></outbound></policies>`,
    good: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
  },
  check(context) {
    if (context.shape !== "document" || includesFragments(context)) return [];
    return kinds.flatMap((kind) => {
      const halves = [`${kind}-lookup`, `${kind}-store`];
      const found = policiesNamed(context, ...halves).map(({ element }) => element);
      const missing = halves.find((half) => !found.some(({ name }) => name === half));
      const [first] = found;
      if (first === undefined || missing === undefined) return [];
      return [
        {
          message: `\`${first.name}\` has no effect without \`${missing}\`, which is not in this document`,
          element: first,
          help: missing.endsWith("store")
            ? `add \`${missing}\` to \`outbound\``
            : `add \`${missing}\` to \`inbound\``,
        },
      ];
    });
  },
};
