import { resolveFallback } from "../../compile/routing.ts";
import type { GatewaySpec, OperationSpec } from "../../spec/schema.ts";
import { pointer } from "../../spec/source.ts";
import { parseStatusCodes } from "../../spec/status-codes.ts";
import type { Rule } from "../rule.ts";
import { listedOperations, targetsOf } from "../spec-entries.ts";

export const fallbackMissesOpenBreaker: Rule = {
  id: "fallback-misses-open-breaker",
  severity: "warning",
  summary: "A fallback does not go on at 503, which the gateway answers itself while a breaker is open.",
  why:
    "While its breaker is open, a backend is not called: the gateway answers 503, and so it does for a pool with no member left " +
    "(learn.microsoft.com/azure/api-management/backends). A fallback on 429 alone hands that 503 to the client.",
  examples: {
    bad: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 3, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
    good: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 3, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai, circuitBreaker: { count: 3, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  c: { url: https://c.example/openai }
pools: { half: { members: [{ backend: a }, { backend: c }] } }
apis:
  openai:
    operations:
      Chat: { backend: a, fallback: { to: [b], on: [429, 503] } }
      Embeddings: { backend: half, fallback: [b] }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      const out = unreachable(context.spec, operation);
      if (out === undefined) return [];
      return [
        {
          message: `while circuit breakers keep \`${out}\` out, clients of \`${id}\` get 503 instead of the fallback`,
          at: context.source.locateKey(`${at}${pointer("fallback")}`),
          help: "write `fallback: { to: [...], on: [429, 503] }`",
        },
      ];
    }),
};

/** The first in the chain, the last one apart, that a breaker can take out without the fallback going on. */
function unreachable(
  { backends = {}, pools = {} }: GatewaySpec,
  operation: OperationSpec,
): string | undefined {
  const fallback = resolveFallback(operation.fallback);
  if (fallback === undefined) return undefined;
  if (parseStatusCodes(fallback.on).some(({ min, max }) => min <= 503 && 503 <= max)) return undefined;
  const canTrip = (id: string): boolean => backends[id]?.circuitBreaker !== undefined;
  return targetsOf(operation)
    .slice(0, -1)
    .find((id) => canTrip(id) || pools[id]?.members.every((member) => canTrip(member.backend)) === true);
}
