import type { Rule } from "../rule.ts";
import { listedOperations, tripsOnThrottling } from "../spec-entries.ts";

export const poolBreakerWithoutRetry: Rule = {
  id: "pool-breaker-without-retry",
  severity: "info",
  summary: "An operation uses a pool whose breakers trip on 429, and does not retry.",
  why:
    "A pool does not resend a request: the 429s that trip the breaker reach the client " +
    "(Azure-Samples/apim-genai-gateway-toolkit#29). With a retry onto the pool they do not.",
  examples: {
    bad: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai }
pools: { chat: { members: [{ backend: a, priority: 1 }, { backend: b, priority: 2 }] } }
apis: { openai: { operations: { Chat: { backend: chat } } } }`,
    good: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai }
pools: { chat: { members: [{ backend: a, priority: 1 }, { backend: b, priority: 2 }] } }
apis: { openai: { operations: { Chat: { backend: chat, retry: true } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      const pool = context.spec.pools?.[operation.backend ?? ""];
      if (pool === undefined || operation.retry !== undefined || operation.policies?.backend !== undefined)
        return [];
      if (!pool.members.some((member) => tripsOnThrottling(context.spec.backends?.[member.backend])))
        return [];
      return [
        {
          message: `clients of \`${id}\` see the 429s that trip the breakers of pool \`${operation.backend ?? ""}\``,
          at: context.source.locateKey(at),
          help: "add `retry: true` to send such requests to the next member",
        },
      ];
    }),
};
