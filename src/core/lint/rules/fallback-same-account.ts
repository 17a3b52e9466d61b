import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { listedOperations, targetsOf } from "../spec-entries.ts";

export const fallbackSameAccount: Rule = {
  id: "fallback-same-account",
  severity: "warning",
  summary: "A fallback leads to the URL that was just throttled.",
  why: "Quota belongs to the account: another backend entity with the same URL is throttled at the same time (learn.microsoft.com/azure/ai-services/openai/how-to/quota).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai }, b: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
    good: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      const urls = targetsOf(operation).flatMap((target) => context.spec.backends?.[target]?.url ?? []);
      if (
        operation.fallback === undefined ||
        new Set(urls.map((url) => url.toLowerCase())).size === urls.length
      )
        return [];
      return [
        {
          message: `two backends in the chain of \`${id}\` have the same URL`,
          at: context.source.locateKey(`${at}${pointer("fallback")}`),
          help: "name a backend of another account",
        },
      ];
    }),
};
