import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendEntries, tripsOnThrottling } from "../spec-entries.ts";

export const breakerIgnoresRetryAfter: Rule = {
  id: "breaker-ignores-retry-after",
  severity: "info",
  summary: "A circuit breaker trips on 429 and does not say whether to follow the answer's Retry-After.",
  why:
    "Azure OpenAI says in Retry-After when it has capacity again: seconds mostly, a day on some subscriptions. With " +
    "acceptRetryAfter the backend is out just that long, without it always for tripDuration " +
    "(learn.microsoft.com/azure/api-management/backends).",
  examples: {
    bad: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }`,
    good: `
backends:
  a:
    url: https://a.example/openai
    circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m, acceptRetryAfter: true }`,
  },
  check: (context) =>
    backendEntries(context)
      .filter(
        ([, backend]) => tripsOnThrottling(backend) && backend.circuitBreaker?.acceptRetryAfter === undefined,
      )
      .map(([id]) => ({
        message: `the breaker of \`${id}\` trips on 429 and ignores Retry-After`,
        at: context.source.locateKey(pointer("backends", id, "circuitBreaker")),
        help: "set acceptRetryAfter to true, or to false if tripDuration is what you want",
      })),
};
