import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import type { GatewayConfig } from "../../../src/core/gateway/config.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { bufferStream, paceEvents, pieceBytes } from "../../../src/core/simulate/streamed-answer.ts";
import { policyXml } from "../gateway/call-gateway.ts";
import { runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

type Sections = Parameters<typeof policyXml>[0];

const toMain = '<set-backend-service backend-id="main" />';
const asItComes = '<forward-request buffer-response="false" />';

/** An API at /ai with backends `main` and `spare`, and a pool `both` that prefers `main`; `main` opens at the first 5xx. */
function gateway({ inbound = toMain, backend = asItComes, ...more }: Sections = {}): GatewayConfig {
  const parsed = parsePolicyDocument(policyXml({ inbound, backend, ...more }), { dialect: "rawxml" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  const circuitBreaker = {
    rules: [
      {
        failureCondition: { count: 1, interval: "PT1M", statusCodeRanges: [{ min: 500, max: 599 }] },
        tripDuration: "PT1M",
      },
    ],
  };
  const services = [
    { id: "/backends/main", priority: 1 },
    { id: "/backends/spare", priority: 2 },
  ];
  return gatewayConfig(
    [
      {
        kind: "api",
        id: "ai",
        path: "apis/ai",
        body: { properties: { path: "ai", subscriptionRequired: false } },
        operations: { chat: "POST /deployments/{deployment-id}/chat/completions" },
      },
      {
        kind: "backend",
        id: "main",
        path: "backends/main",
        body: { properties: { url: "https://main.test/openai", circuitBreaker } },
      },
      {
        kind: "backend",
        id: "spare",
        path: "backends/spare",
        body: { properties: { url: "https://spare.test/openai" } },
      },
      {
        kind: "pool",
        id: "both",
        path: "backends/both",
        body: { properties: { type: "Pool", pool: { services } } },
      },
      { kind: "policy", id: "ai", path: "apis/ai/policies/policy", body: {}, document: parsed.document },
    ],
    [],
  );
}

/** Milliseconds to the first byte, to the end, and whether it broke off. */
function outcomes(config: GatewayConfig, account: string, call = "stream: true", more = "requests: 1") {
  const { timeline } = runScenario(
    config,
    `call: { ${call} }\n${more}\naccounts: { main: { ${account} }, spare: { latency: 100ms } }`,
  );
  return timeline.map(({ at, firstByteAt, endedAt, isCut, status }) => ({
    status,
    first: firstByteAt === null ? null : firstByteAt - at,
    whole: endedAt - at,
    isCut,
  }));
}

describe("an account that streams", () => {
  it.each([
    ["half of the usual time to the first token, when nothing is said", "", 250, 500],
    ["half of its latency", "latency: 2s", 1000, 2000],
    ["its own time to the first token", "latency: 2s, firstTokenLatency: 300ms", 300, 2000],
    ["no more than its latency", "latency: 200ms, firstTokenLatency: 300ms", 200, 200],
    ["tokens at their speed", "firstTokenLatency: 300ms, tokensPerSecond: 20", 300, 2300],
    ["the speed, whatever the latency", "latency: 1s, tokensPerSecond: 40", 500, 1500],
  ])("takes %s", (_, account, first, whole) => {
    expect(outcomes(gateway(), account)).toEqual([{ status: 200, first, whole, isCut: false }]);
  });

  it("takes the same time for an answer that is no stream, where it has no latency", () => {
    const account = "firstTokenLatency: 300ms, tokensPerSecond: 20";
    expect(outcomes(gateway(), account, "")).toEqual([
      { status: 200, first: null, whole: 2300, isCut: false },
    ]);
    expect(outcomes(gateway(), `${account}, latency: 1s`, "")).toMatchObject([{ whole: 1000 }]);
  });

  it("takes the time that a recorded run says, to the end of the stream", () => {
    const run = outcomes(gateway(), "tokensPerSecond: 1", "stream: true", "latencies: [800ms]\nrequests: 1");
    expect(run).toMatchObject([{ first: 400, whole: 800 }]);
  });

  it("is asked for a stream by what is sent, not by what came in", () => {
    const body = '{"messages":[]}';
    const inbound = `${toMain}<set-body>${body}</set-body>`;
    expect(outcomes(gateway({ inbound }), "")).toMatchObject([{ first: null, whole: 500 }]);
    const streams = `${toMain}<set-body>{"stream":true,"messages":[]}</set-body>`;
    expect(outcomes(gateway({ inbound: streams }), "", "")).toMatchObject([{ first: 250, whole: 500 }]);
  });

  it("goes to the client in pieces of 8 KB unless forward-request says otherwise", () => {
    const account = "firstTokenLatency: 100ms, tokensPerSecond: 100";
    const buffered = gateway({ backend: "<forward-request />" });
    // About 190 bytes an event: the first piece is full after some 43 events; a short answer never fills one.
    const [long] = outcomes(buffered, account, "stream: true, completionTokens: 1000");
    expect(long?.first).toBeGreaterThan(400);
    expect(long?.first).toBeLessThan(700);
    expect(long?.whole).toBe(10_100);
    expect(outcomes(buffered, account, "stream: true, completionTokens: 20")).toMatchObject([
      { first: 300, whole: 300 },
    ]);
  });

  it("is held up by policies that take their time", () => {
    const outbound =
      '<send-request response-variable-name="r"><set-url>https://spare.test/openai/x</set-url></send-request>';
    expect(outcomes(gateway({ outbound }), "latency: 100ms")).toMatchObject([{ first: 150, whole: 150 }]);
  });

  it("is waited for by a policy that reads it", () => {
    const outbound = '<find-and-replace from="word" to="Wort" />';
    expect(outcomes(gateway({ outbound }), "firstTokenLatency: 300ms, tokensPerSecond: 20")).toEqual([
      { status: 200, first: null, whole: 2300, isCut: false },
    ]);
  });

  it("is waited for its headers alone by the timeout of forward-request", () => {
    const timed = (backend: string) =>
      outcomes(gateway({ backend }), "firstTokenLatency: 900ms, tokensPerSecond: 1")[0]?.status;
    expect(timed('<forward-request timeout="1" buffer-response="false" />')).toBe(200);
    expect(timed('<forward-request timeout-ms="800" buffer-response="false" />')).toBe(500);
  });
});

describe("a stream that breaks off", () => {
  const breaking =
    "tokensPerSecond: 10, firstTokenLatency: 1s, failures: [{ error: connection, afterTokens: 10 }]";
  const again = `<retry condition="@(context.Response.StatusCode >= 500)" count="1" interval="0">${asItComes}</retry>`;

  it("ends for the client, who has seen 200; it is not tried again, and runs no on-error", () => {
    const onError = "<return-response><set-status code='503' /></return-response>";
    const inbound = '<set-backend-service backend-id="both" />';
    const config = gateway({ inbound, backend: again, "on-error": onError });
    const { timeline, statistics, trips } = runScenario(
      config,
      `call: { stream: true }\nrequests: 2\naccounts: { main: { ${breaking} } }`,
    );
    expect(timeline.map(({ status, isCut, attempts }) => [status, isCut, attempts.length])).toEqual([
      [200, true, 1],
      [200, true, 1],
    ]);
    expect(trips).toEqual([]);
    const [entry] = timeline;
    // The eleventh of 40 tokens: the second event after the role's is the first token's.
    expect((entry?.endedAt ?? 0) - 1000).toBeCloseTo((4000 * 11) / 42, 2);
    expect(statistics.backends()[0]).toMatchObject({
      failed: 2,
      streams: { count: 2, cut: 2, firstByteP50: 1000 },
    });
  });

  it("is an error before anything is sent where a policy reads it: it can be tried again", () => {
    const inbound = '<set-backend-service backend-id="both" />';
    const outbound = '<find-and-replace from="a" to="b" />';
    // Without an answer the breaker does not open; the second attempt meets the account after its failure.
    const account =
      "tokensPerSecond: 10, firstTokenLatency: 1s, failures: [{ error: connection, afterTokens: 10, until: 1s }]";
    const { timeline } = runScenario(
      gateway({ inbound, outbound, backend: again }),
      `call: { stream: true }\nrequests: 1\naccounts: { main: { ${account} } }`,
    );
    expect(
      timeline.map(({ status, isCut, attempts }) => [status, isCut, attempts.map((a) => a.failure)]),
    ).toEqual([[200, false, ["BackendConnectionFailure", null]]]);
    expect(outcomes(gateway({ outbound }), breaking)).toMatchObject([{ status: 500, isCut: false }]);
  });

  it("loses what the gateway holds back", () => {
    expect(outcomes(gateway({ backend: "<forward-request />" }), breaking)).toMatchObject([
      { status: 200, first: null, isCut: true },
    ]);
  });

  it("is no answer at all where none is streamed", () => {
    expect(outcomes(gateway(), breaking, "")).toMatchObject([{ status: 500, first: null, isCut: false }]);
  });

  it("is whole when it has no more tokens than that", () => {
    expect(outcomes(gateway(), breaking, "stream: true, completionTokens: 10")).toMatchObject([
      { status: 200, isCut: false },
    ]);
  });
});

describe("a token limit on streams", () => {
  /** Statuses of one call a second with a limit of 200 tokens a minute. */
  function statuses(call: string, account = ""): string {
    const limit = `${toMain}<llm-token-limit counter-key="k" tokens-per-minute="200" estimate-prompt-tokens="false" />`;
    const { timeline } = runScenario(
      gateway({ inbound: limit }),
      `call: { ${call} }\nclients: [{ pause: 1s }]\nrequests: 5\naccounts: { main: { ${account} } }`,
    );
    return timeline.map(({ status }) => status).join(" ");
  }

  it("estimates the prompt of a stream beforehand, though not of other calls", () => {
    // 30 for each prompt and, by `usage`, 40 for each answer: 140 after two, and 30 more fit, as they do after the fact.
    expect(statuses("promptTokens: 30, completionTokens: 40")).toBe("200 200 200 429 429");
    expect(statuses("promptTokens: 120, completionTokens: 0")).toBe("200 200 429 429 429");
    expect(statuses("stream: true, promptTokens: 120, completionTokens: 0")).toBe("200 429 429 429 429");
  });

  it("takes the answer's tokens from its usage, or from its length", () => {
    expect(statuses("stream: true, includeUsage: true, promptTokens: 10, completionTokens: 90")).toBe(
      "200 200 429 429 429",
    );
    // `word ` is five characters, and four are a token.
    expect(statuses("stream: true, promptTokens: 10, completionTokens: 152")).toBe("200 429 429 429 429");
    expect(statuses("stream: true, includeUsage: true, promptTokens: 10, completionTokens: 152")).toBe(
      "200 200 429 429 429",
    );
  });

  it("counts what has passed when it has passed", () => {
    const { timeline } = runScenario(
      gateway({
        inbound: `${toMain}<llm-token-limit counter-key="k" tokens-per-minute="50" estimate-prompt-tokens="false" />`,
      }),
      `call: { stream: true, includeUsage: true, promptTokens: 1, completionTokens: 100 }
clients: [{ pause: 1s, until: 12500ms }, { from: 2s, until: 3s }]
duration: 20s
accounts: { main: { firstTokenLatency: 1s, tokensPerSecond: 10 } }`,
    );
    // The first stream ends after 11 seconds: until then its answer counts for nothing.
    expect(timeline.slice(0, 3).map(({ at, status }) => [at, status])).toEqual([
      [0, 200],
      [2000, 200],
      [12_000, 429],
    ]);
  });
});

describe("pieces of 8 KB", () => {
  const event = (size: number) => ({ text: "x".repeat(size), isToken: true });

  it("hold no byte back at the end, and lose none", () => {
    const events = Array.from({ length: 50 }, (_, index) => event(100 + 37 * index));
    const stream = paceEvents(events, { milliseconds: 490, cutAfterTokens: undefined });
    const { parts, endsAfter, isCut } = bufferStream(stream);
    const size = (list: typeof parts): number => list.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(size(parts)).toBe(size(stream.parts));
    expect(parts.slice(0, -1).every(({ bytes }) => bytes.length >= pieceBytes)).toBe(true);
    expect(parts.at(-1)?.after).toBe(490);
    expect({ endsAfter, isCut }).toEqual({ endsAfter: 490, isCut: false });
  });

  it("are none of an empty stream", () => {
    const stream = paceEvents([], { milliseconds: 10, cutAfterTokens: undefined });
    expect(bufferStream(stream).parts).toEqual([]);
  });
});
