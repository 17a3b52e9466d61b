import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendsOf, listedOperations, tripsOnThrottling } from "../spec-entries.ts";

export const breakerWithoutWayOut: Rule = {
  id: "breaker-without-way-out",
  severity: "warning",
  summary: "A breaker stays open for as long as Retry-After says, and there is no second backend.",
  why:
    "Azure OpenAI can ask for up to a day (learn.microsoft.com/azure/api-management/backends): all that time the only backend " +
    "of the operation is left out, and its clients get 503.",
  examples: {
    bad: `
backends:
  a:
    url: https://a.example/openai
    circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m, acceptRetryAfter: true }
apis: { openai: { operations: { Chat: { backend: a } } } }`,
    good: `
backends:
  a:
    url: https://a.example/openai
    circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m, acceptRetryAfter: true }
  b: { url: https://b.example/openai }
apis: { openai: { operations: { Chat: { backend: a, fallback: { to: [b], on: [429, 503] } } } } }`,
  },
  check: (context) => {
    const alone = listedOperations(context).flatMap(({ operation }) => {
      const [id, ...others] = backendsOf(context, operation);
      return id === undefined || others.length > 0 ? [] : [id];
    });
    return [...new Set(alone)]
      .filter((id) => {
        const backend = context.spec.backends?.[id];
        return tripsOnThrottling(backend) && backend?.circuitBreaker?.acceptRetryAfter === true;
      })
      .map((id) => ({
        message: `one 429 can put \`${id}\` out for a day, and operations that use it have no other backend`,
        at: context.source.locateKey(pointer("backends", id, "circuitBreaker", "acceptRetryAfter")),
        help: "add a second backend, by a pool or in `fallback`, or set acceptRetryAfter to false",
      }));
  },
};
