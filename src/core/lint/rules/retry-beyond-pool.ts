import { resolvePoolRetry } from "../../compile/pool-retry.ts";
import { resolveRetry } from "../../compile/routing.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { listedOperations } from "../spec-entries.ts";

export const retryBeyondPool: Rule = {
  id: "retry-beyond-pool",
  severity: "info",
  summary: "A request is tried again at once more often than it takes to get past every member of its pool.",
  why:
    "Once each member has been met, the next try goes back to one that has just refused: it adds load and the client waits " +
    "longer for the same answer (learn.microsoft.com/azure/api-management/retry-policy, backends).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
pools: { chat: { members: [{ backend: a }, { backend: b }] } }
apis: { openai: { operations: { Chat: { backend: chat, retry: { count: 20 } } } } }`,
    good: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
pools: { chat: { members: [{ backend: a }, { backend: b }] } }
apis: { openai: { operations: { Chat: { backend: chat, retry: { count: 1 } } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      const { retry, backend = "" } = operation;
      const pool = context.spec.pools?.[backend];
      const chosen = retry === true ? undefined : resolveRetry(retry);
      if (pool === undefined || chosen === undefined || chosen.intervalSeconds > 0) return [];
      const needed = resolvePoolRetry(pool, context.spec.backends ?? {}).count;
      const most = Math.max(needed, pool.members.length);
      if (chosen.count <= most) return [];
      return [
        {
          message: `\`${id}\` is tried again up to ${chosen.count} times at once, and ${needed} ${needed === 1 ? "is" : "are"} enough for pool \`${backend}\``,
          at: context.source.locateKey(`${at}${pointer("retry")}`),
          help: "write `retry: true`, or give retry an interval",
        },
      ];
    }),
};
