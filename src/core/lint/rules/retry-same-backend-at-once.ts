import { parseDuration } from "../../spec/duration.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { listedOperations } from "../spec-entries.ts";

export const retrySameBackendAtOnce: Rule = {
  id: "retry-same-backend-at-once",
  severity: "warning",
  summary: "A request is tried again at once on the same single backend.",
  why: "A throttled account stays throttled for seconds at least: trying again without a wait is answered 429 again and adds load (learn.microsoft.com/azure/architecture/antipatterns/retry-storm).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, retry: { count: 3 } } } } }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, retry: { count: 3, interval: 5s } } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      const { retry, backend } = operation;
      if (retry === undefined || retry === true || context.spec.backends?.[backend ?? ""] === undefined)
        return [];
      if (parseDuration(retry.interval ?? 0) > 0) return [];
      return [
        {
          message: `\`${id}\` tries again on \`${backend ?? ""}\` without a wait`,
          at: context.source.locateKey(`${at}${pointer("retry")}`),
          help: "give retry an interval, use a pool, or name another backend in `fallback`",
        },
      ];
    }),
};
