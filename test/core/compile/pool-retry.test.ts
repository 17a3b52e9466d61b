import { describe, expect, it } from "vitest";
import { resolvePoolRetry } from "../../../src/core/compile/pool-retry.ts";
import type { BackendSpec, PoolSpec } from "../../../src/core/spec/schema.ts";

function backend(failures?: {
  count?: number;
  percentage?: number;
  statusCodes?: (number | string)[];
}): BackendSpec {
  const url = "https://a.example/openai";
  if (failures === undefined) return { url };
  return { url, circuitBreaker: { statusCodes: [429], ...failures, interval: "1m", tripDuration: "1m" } };
}

const cases: {
  name: string;
  backends: Record<string, BackendSpec>;
  members: PoolSpec["members"];
  count: number;
  reason: string;
}[] = [
  {
    name: "one member trips at its third failure, the other never",
    backends: { main: backend({ count: 3 }), sub: backend() },
    members: [
      { backend: "main", priority: 1 },
      { backend: "sub", priority: 2 },
    ],
    count: 3,
    reason: "3 failures trip main",
  },
  {
    name: "all trip at the first failure: nothing lies behind the last",
    backends: { a: backend({ count: 1 }), b: backend({ count: 1 }), c: backend({ count: 1 }) },
    members: [{ backend: "a" }, { backend: "b" }, { backend: "c" }],
    count: 2,
    reason: "1 failure trips a, 1 failure trips b",
  },
  {
    name: "the last by priority is the one not to get past",
    backends: { a: backend({ count: 1 }), b: backend({ count: 5 }) },
    members: [
      { backend: "b", priority: 2 },
      { backend: "a", priority: 1 },
    ],
    count: 1,
    reason: "1 failure trips a",
  },
  {
    name: "a breaker that counts neither 429 nor 503 does not trip on them",
    backends: { a: backend({ count: 4, statusCodes: ["500-502"] }), b: backend() },
    members: [{ backend: "a" }, { backend: "b" }],
    count: 1,
    reason: "no member's circuit breaker counts 429 or 503, so the next try takes the pool's next turn",
  },
  {
    name: "503 within a range counts, a percentage may trip at the first",
    backends: { a: backend({ percentage: 50, statusCodes: ["500-599"] }), b: backend() },
    members: [{ backend: "a" }, { backend: "b" }],
    count: 1,
    reason: "1 failure trips a",
  },
  {
    name: "never more than retry takes",
    backends: { a: backend({ count: 100 }), b: backend() },
    members: [{ backend: "a" }, { backend: "b" }],
    count: 50,
    reason: "100 failures trip a; retry takes 50 at most",
  },
];

describe("retry: true", () => {
  for (const { name, backends, members, count, reason } of cases) {
    it(name, () => {
      expect(resolvePoolRetry({ members }, backends)).toEqual({
        on: [429, 503],
        count,
        intervalSeconds: 0,
        reason,
      });
    });
  }
});
