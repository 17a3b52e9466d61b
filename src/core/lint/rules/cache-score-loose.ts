import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

/** The page advises to begin near 0.05, and calls more than this risky. */
const loosest = 0.2;

export const cacheScoreLoose: Rule = {
  id: "cache-score-loose",
  severity: "warning",
  summary: "A semantic cache that takes quite different prompts for the same.",
  why:
    "The score is a distance: above 0.2 prompts are likely to be answered with what was said to another question " +
    "(learn.microsoft.com/azure/api-management/llm-semantic-cache-lookup-policy).",
  examples: {
    bad: `
backends: { e: { url: https://e.example/openai } }
products: { team-a: { semanticCache: { embeddings: e, scoreThreshold: 0.8 } } }`,
    good: `
backends: { e: { url: https://e.example/openai } }
products: { team-a: { semanticCache: { embeddings: e, scoreThreshold: 0.05 } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.products ?? {}).flatMap(([id, { semanticCache }]) => {
      const score = semanticCache?.scoreThreshold ?? 0;
      if (score <= loosest) return [];
      return [
        {
          message: `a threshold of ${score} lets prompts differ much: lower is stricter`,
          at: source.locate(pointer("products", id, "semanticCache", "scoreThreshold")),
          help: "begin near 0.05, and look at what comes back before you raise it",
        },
      ];
    }),
};
