/** Published runs against live gateways: the simulation must come out as they did. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { backendLines, letters, poolGateway, runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

describe("E5: weights 80/10/10, no retry, breaker of three", () => {
  const gateway = poolGateway(
    backendLines(["uk", "se", "fr"], "count: 3, interval: 5m, statusCodes: [429], tripDuration: 1m"),
    "{ backend: uk, weight: 80 }, { backend: se, weight: 10 }, { backend: fr, weight: 10 }",
  );
  it("answers in blocks", () => {
    const run = runScenario(
      gateway,
      `
requests: 20
pool: { start: 1 }
accounts:
  uk: { region: UK South, requestLimit: { count: 20, window: 10s } }
  se: { region: Sweden Central }
  fr: { region: France Central }
`,
    );
    expect(letters(run)).toBe("UUUUUUUSFUUUUUUUUSFU");
  });
});

describe("E12: weights 2:1, three users", () => {
  const gateway = poolGateway(
    backendLines(["payg1", "payg2"], ""),
    "{ backend: payg1, weight: 2 }, { backend: payg2, weight: 1 }",
  );
  it.each([1, 2, 3, 4, 5])("spreads as observed with random selection, seed %i", (seed) => {
    const run = runScenario(
      gateway,
      `
clients: [{ count: 3, pause: 1s }]
duration: 180s
seed: ${seed}
pool: { selection: random }
accounts:
  payg1: { latency: { min: 100ms, max: 250ms } }
  payg2: { latency: { min: 100ms, max: 250ms } }
`,
    );
    const first = run.statistics.backends().find(({ backend }) => backend === "payg1");
    expect(run.statistics.requests).toBeGreaterThan(440);
    expect((first?.answered ?? 0) / run.statistics.requests).toBeGreaterThan(0.6);
    expect((first?.answered ?? 0) / run.statistics.requests).toBeLessThan(0.74);
  });
});
