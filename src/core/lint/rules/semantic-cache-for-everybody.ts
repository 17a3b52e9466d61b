import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const semanticCacheForEverybody: Rule = {
  id: "semantic-cache-for-everybody",
  severity: "warning",
  summary: "`semanticCache.varyBy: none`, or by product: callers get answers to each other's prompts.",
  why:
    "What one caller was told may hold what only that caller may know, and a similar prompt of another one gets it " +
    "(learn.microsoft.com/azure/api-management/llm-semantic-cache-lookup-policy advises `vary-by` with a user or subscription).",
  examples: {
    bad: `
backends: { e: { url: https://e.example/openai } }
products: { team-a: { semanticCache: { embeddings: e, scoreThreshold: 0.05, varyBy: none } } }`,
    good: `
backends: { e: { url: https://e.example/openai } }
products: { team-a: { semanticCache: { embeddings: e, scoreThreshold: 0.05 } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.products ?? {}).flatMap(([id, { semanticCache }]) => {
      const by = semanticCache?.varyBy;
      if (by !== "none" && by !== "product") return [];
      const who = by === "none" ? "callers of all products that do so" : `callers of product \`${id}\``;
      return [
        {
          message: `${who} get each other's cached answers`,
          at: source.locate(pointer("products", id, "semanticCache", "varyBy")),
          help: "leave `varyBy` out, unless answers are the same for everyone and hold nothing of the caller's",
        },
      ];
    }),
};
