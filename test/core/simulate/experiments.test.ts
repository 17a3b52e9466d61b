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

const tripsAtFirst = "count: 1, interval: 5m, statusCodes: [429], tripDuration: 1m, acceptRetryAfter: true";
const triesAgain = "backend: pool, retry: { on: [429, 503], count: 2 }";
const accounts = (limit: string): string => `
accounts:
  e: { region: East US, ${limit} }
  s: { region: Sweden Central, ${limit} }
  w: { region: West US, ${limit} }
`;

describe("E1: a preferred region, then two in turn, ten calls a minute each", () => {
  const gateway = poolGateway(
    backendLines(["e", "s", "w"], tripsAtFirst),
    "{ backend: e, priority: 1 }, { backend: s, priority: 2, weight: 50 }, { backend: w, priority: 2, weight: 50 }",
    triesAgain,
  );
  const run = () =>
    runScenario(
      gateway,
      `
requests: 31
clients: [{ pause: 100ms }]
${accounts("requestLimit: { count: 10, window: 60s }")}`,
    );

  it("moves on without an error, and answers 503 once all three are out", () => {
    expect(letters(run())).toBe(`EEEEEEEEEE${"SW".repeat(5)}${"SW".repeat(5)}-`);
    expect(run().timeline.at(-1)).toMatchObject({ status: 503, backend: null });
  });

  it("tries the one that is out first, at the switch", () => {
    const { attempts } = run().timeline[10]!;
    expect(attempts.map(({ backend, status }) => `${backend} ${status}`)).toEqual(["e 429", "s 200"]);
  });
});

describe("a member that is kept until the backend is set again", () => {
  const members = "{ backend: e, priority: 1 }, { backend: s, priority: 2 }";
  const limited = accounts("requestLimit: { count: 10, window: 60s }");
  const eleven = `requests: 12\npool: { pinMember: untilSetBackend }${limited}`;

  it("lets the 429 of the switch through", () => {
    const run = runScenario(
      poolGateway(backendLines(["e", "s", "w"], tripsAtFirst), members, triesAgain),
      eleven,
    );
    expect(letters(run)).toBe("EEEEEEEEEEE!S");
  });

  it("does not when the backend is set within the retry", () => {
    const backend = `<retry condition="@(context.Response.StatusCode == 429)" count="2" interval="0"><set-backend-service backend-id="pool" /><forward-request buffer-request-body="true" /></retry>`;
    const operation = `backend: pool, policies: { backend: '${backend}' }`;
    const run = runScenario(
      poolGateway(backendLines(["e", "s", "w"], tripsAtFirst), members, operation),
      eleven,
    );
    expect(letters(run)).toBe("EEEEEEEEEESS");
  });
});

describe("what is not known of the service", () => {
  it("can be tried the other way: calls without an answer as failures", () => {
    const gateway = poolGateway(
      backendLines(["e", "s"], "count: 1, interval: 5m, statusCodes: [429], tripDuration: 1m"),
      "{ backend: e, priority: 1 }, { backend: s, priority: 2 }",
    );
    const failing = "requests: 3\naccounts: { e: { failures: [{ error: connection }] }, s: { region: S } }";
    const statuses = (text: string) => runScenario(gateway, text).timeline.map(({ status }) => status);
    expect(statuses(failing)).toEqual([500, 500, 500]);
    expect(statuses(`${failing}\nunknowns: { unansweredCalls: counted }`)).toEqual([500, 200, 200]);
  });
});

describe("E2: the same pool, 8000 tokens a minute", () => {
  it("lets twelve through, and the same again once the window has passed", () => {
    const gateway = poolGateway(
      backendLines(["e", "s", "w"], tripsAtFirst),
      "{ backend: e, priority: 1 }, { backend: s, priority: 2, weight: 50 }, { backend: w, priority: 2, weight: 50 }",
      triesAgain,
    );
    const run = runScenario(
      gateway,
      `
requests: 40
clients: [{ pause: 100ms, until: 12s }, { pause: 100ms, from: 90s }]
${accounts("tokensPerMinute: 8000, tokensPerCall: 660")}`,
    );
    expect(letters(run)).toBe("EEEEEEEEEEEESWSWSWSW".repeat(2));
  });
});

describe("E11: five calls for each endpoint, then 429 with Retry-After", () => {
  const limit = "requestLimit: { count: 5, window: 60s }";
  const simulateRuns = (members: string, runs: number, more = "pause: 0s", own = limit) =>
    runScenario(
      poolGateway(
        backendLines(["e", "s", "w"], tripsAtFirst),
        members,
        `${triesAgain}, policies: { on-error: '${asThrottled}' }`,
      ),
      `
requests: ${runs}
clients: [{ ${more} }]
${accounts(own)}`,
    );
  const asThrottled =
    '<base /><choose><when condition="@(context.Response.StatusCode == 503)"><set-status code="429" reason="Too Many Requests" /></when></choose>';

  it.each([
    {
      name: "one after the other",
      members: "{ backend: e, priority: 1 }, { backend: s, priority: 2 }",
      runs: 15,
      expected: "EEEEESSSSS-----",
    },
    {
      name: "50/50",
      members: "{ backend: e, weight: 50 }, { backend: s, weight: 50 }",
      runs: 15,
      expected: "ESESESESES-----",
    },
    {
      name: "80/20",
      members: "{ backend: e, weight: 80 }, { backend: s, weight: 20 }",
      runs: 15,
      expected: "EEEESESSSS-----",
    },
    {
      name: "one, then two in turn",
      members:
        "{ backend: e, priority: 1 }, { backend: s, priority: 2, weight: 50 }, { backend: w, priority: 2, weight: 50 }",
      runs: 25,
      expected: `EEEEE${"SW".repeat(5)}${"-".repeat(10)}`,
    },
  ])("$name", ({ members, runs, expected }) => {
    expect(letters(simulateRuns(members, runs))).toBe(expected);
  });

  it("lets members recover between slow calls", () => {
    const members = "{ backend: e, priority: 1 }, { backend: s, priority: 2 }";
    const run = simulateRuns(
      members,
      20,
      "pause: 500ms",
      "requestLimit: { count: 5, window: 5s }, latency: 100ms",
    );
    expect(run.statistics.byStatus).toEqual(new Map([[200, 20]]));
    expect(letters(run)).toMatch(/^E{5}S+E/);
  });

  it("gives every 429 a Retry-After that does not rise, and recovers when it has passed", () => {
    const members = "{ backend: e, priority: 1 }, { backend: s, priority: 2 }";
    const run = simulateRuns(members, 25, "pause: 100ms");
    const asked = run.timeline.map(({ status, retryAfter }) => ({ status, retryAfter }));
    expect(asked.filter(({ status }) => status === 200).every(({ retryAfter }) => retryAfter === null)).toBe(
      true,
    );
    const waits = asked.filter(({ status }) => status === 429).map(({ retryAfter }) => Number(retryAfter));
    expect(waits).toHaveLength(15);
    expect(waits.every((seconds) => seconds > 0)).toBe(true);
    expect(waits).toEqual([...waits].sort((a, b) => b - a));
  });
});

describe("E10: 500 tokens a minute, counted from the answers", () => {
  it("lets eight calls of 67 tokens through, then asks for 52 and 51 seconds", () => {
    const run = runScenario(
      poolGateway(
        backendLines(["e", "s", "w"], ""),
        "{ backend: e }",
        `backend: pool, policies: { inbound: '<llm-token-limit counter-key="@(context.Operation.Id)" tokens-per-minute="500" estimate-prompt-tokens="false" />' }`,
      ),
      `
requests: 10
call: { promptTokens: 30, completionTokens: 37 }
clients: [{ pause: 1s }]
${accounts("latency: 100ms")}`,
    );
    expect(run.timeline.map(({ status }) => status)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    expect(run.timeline.slice(8).map(({ retryAfter }) => retryAfter)).toEqual(["52", "51"]);
    expect(run.timeline.at(-1)?.error).toBe("Token limit is exceeded. Try again in 51 seconds.");
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
