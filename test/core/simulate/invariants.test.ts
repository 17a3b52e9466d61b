/** What holds for every gateway and every scenario. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import type { Simulation } from "../../../src/core/simulate/simulation.ts";
import { poolGateway, runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const member = fc.record({
  priority: fc.integer({ min: 1, max: 3 }),
  weight: fc.integer({ min: 1, max: 5 }),
  breaker: fc.option(fc.record({ count: fc.integer({ min: 1, max: 4 }), accept: fc.boolean() }), {
    nil: undefined,
  }),
  limit: fc.integer({ min: 1, max: 10 }),
  window: fc.integer({ min: 1, max: 30 }),
  latency: fc.integer({ min: 0, max: 900 }),
});

const setup = fc.record({
  members: fc.array(member, { minLength: 1, maxLength: 4 }),
  retries: fc.integer({ min: 0, max: 4 }),
  clients: fc.integer({ min: 1, max: 4 }),
  pause: fc.integer({ min: 0, max: 2000 }),
  selection: fc.constantFrom("block", "smooth", "random"),
  instances: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

type Setup = typeof setup extends fc.Arbitrary<infer Value> ? Value : never;

const names = ["alpha", "beta", "gamma", "delta"];

function run({ members, retries, clients, pause, selection, instances, seed }: Setup): Simulation {
  const backends = members
    .map(({ breaker }, index) => {
      const own =
        breaker === undefined
          ? ""
          : `, circuitBreaker: { count: ${breaker.count}, interval: 1m, statusCodes: [429], tripDuration: 20s, acceptRetryAfter: ${breaker.accept} }`;
      return `  ${names[index]}: { url: https://${names[index]}.openai.azure.com${own} }`;
    })
    .join("\n");
  const list = members.map(
    ({ priority, weight }, index) => `{ backend: ${names[index]}, priority: ${priority}, weight: ${weight} }`,
  );
  const retry = retries === 0 ? "" : `, retry: { on: [429, 503], count: ${retries} }`;
  const accounts = members.map(
    ({ limit, window, latency }, index) =>
      `  ${names[index]}: { latency: ${latency}ms, requestLimit: { count: ${limit}, window: ${window}s } }`,
  );
  return runScenario(
    poolGateway(backends, list.join(", "), `backend: pool${retry}`),
    `
requests: 80
clients: [{ count: ${clients}, pause: ${pause}ms }]
pool: { selection: ${selection}, instances: ${instances} }
seed: ${seed}
accounts:
${accounts.join("\n")}
`,
  );
}

describe("every simulation", () => {
  it("adds up, and is the same again", () => {
    fc.assert(
      fc.property(setup, (given) => {
        const { statistics, timeline } = run(given);
        expect(timeline).toHaveLength(80);
        expect(statistics.requests).toBe(80);
        expect([...statistics.byStatus.values()].reduce((sum, count) => sum + count, 0)).toBe(80);
        for (const { backend, status, attempts, at, endedAt } of timeline) {
          expect([200, 429, 503]).toContain(status);
          expect(endedAt).toBeGreaterThanOrEqual(at);
          expect(attempts.length).toBeLessThanOrEqual(given.retries + 1);
          if (backend !== null) expect(attempts.at(-1)).toMatchObject({ backend, status });
          else expect(status).toBe(503);
        }
        expect(run(given).timeline).toEqual(timeline);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("lets no account answer more than its limit", () => {
    fc.assert(
      fc.property(setup, (given) => {
        const calls = run(given).timeline.flatMap(({ attempts }) => attempts);
        given.members.forEach(({ limit, window }, index) => {
          const times = calls
            .filter(({ backend, status }) => backend === names[index] && status === 200)
            .map(({ at }) => at)
            .sort((a, b) => a - b);
          for (let first = 0; first + limit < times.length; first += 1) {
            expect(times[first + limit]! - times[first]!).toBeGreaterThanOrEqual(window * 1000);
          }
        });
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it("sends nothing to an open backend, and nothing to a lower priority while a higher one has somebody", () => {
    fc.assert(
      fc.property(setup, (given) => {
        const { timeline, trips } = run({ ...given, instances: 1 });
        const isOpen = (name: string, at: number): boolean =>
          trips.some((trip) => trip.backend === name && trip.at <= at && at < trip.until);
        for (const { backend, at } of timeline.flatMap(({ attempts }) => attempts)) {
          const index = names.indexOf(backend ?? "");
          // At the very moment of a trip both orders are right.
          if (trips.some((trip) => trip.at === at)) continue;
          expect(isOpen(names[index]!, at)).toBe(false);
          const above = given.members.filter(({ priority }) => priority < given.members[index]!.priority);
          for (const other of above) expect(isOpen(names[given.members.indexOf(other)]!, at)).toBe(true);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
