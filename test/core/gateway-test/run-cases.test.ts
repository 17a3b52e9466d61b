import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import type { GatewayResource } from "../../../src/core/gateway/config.ts";
import { parseTestFile } from "../../../src/core/gateway-test/parse.ts";
import { checkCases, runCase } from "../../../src/core/gateway-test/run-cases.ts";
import type { CaseResult } from "../../../src/core/gateway-test/run-cases.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const breaker = {
  rules: [
    {
      failureCondition: { count: 2, interval: "PT5M", statusCodeRanges: [{ min: 429, max: 429 }] },
      tripDuration: "PT1M",
    },
  ],
};

const backend = (id: string, more: object = {}): GatewayResource => ({
  kind: "backend",
  id,
  path: `backends/${id}`,
  body: { properties: { url: `https://${id}.test/openai`, ...more } },
});

function config(inbound: string, more: readonly GatewayResource[] = []) {
  const policy = `<policies><inbound><base />${inbound}</inbound><outbound><base /></outbound></policies>`;
  const parsed = parsePolicyDocument(policy, { dialect: "rawxml" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return gatewayConfig(
    [
      {
        kind: "api",
        id: "ai",
        path: "apis/ai",
        body: {
          properties: { path: "ai", subscriptionKeyParameterNames: { header: "api-key", query: "k" } },
        },
        operations: { chat: "POST /deployments/{deployment-id}/chat/completions", list: "GET /items/{item}" },
      },
      backend("a", { circuitBreaker: breaker }),
      backend("b"),
      {
        kind: "pool",
        id: "pool",
        path: "backends/pool",
        body: {
          properties: {
            type: "Pool",
            pool: {
              services: [
                { id: "/backends/a", priority: 1 },
                { id: "/backends/b", priority: 2 },
              ],
            },
          },
        },
      },
      { kind: "policy", id: "ai", path: "apis/ai/policies/policy", body: {}, document: parsed.document },
      ...more,
    ],
    [],
  );
}

const toPool = '<set-backend-service backend-id="pool" />';

function run(yaml: string, inbound = toPool, more: readonly GatewayResource[] = []): CaseResult {
  const gateway = config(inbound, more);
  const { cases, problems } = parseTestFile(yaml, "t.yaml");
  expect([...problems, ...checkCases(gateway, cases)]).toEqual([]);
  const [test] = cases;
  if (test === undefined) throw new Error("no case");
  return runCase(gateway, test);
}

/** One case with this inside. */
function one(content: string): string {
  const lines = content.trim().split("\n");
  return `cases:\n  - name: it\n${lines.map((line) => `    ${line}`).join("\n")}\n`;
}

const chat = "request: { operation: chat }\n";

describe("what passes", () => {
  it.each([
    ["the status and the attempts", `${chat}expect: { status: 200, backends: [a] }`],
    ["ids in other cases", `${chat}expect: { backends: [A] }`],
    [
      "a usual answer of an account",
      `${chat}expect: { headers: { x-ms-region: a }, body: { object: chat.completion } }`,
    ],
    ["a body as text", `${chat}backends: { a: { body: hello } }\nexpect: { body: hello, bodyContains: ell }`],
    [
      "part of a body as JSON",
      `${chat}backends: { a: { body: { x: [1, { y: 2, z: 3 }] } } }\nexpect: { body: { x: [1, { y: 2 }] } }`,
    ],
    [
      "headers in part, by pattern, and absent",
      `${chat}backends: { a: { headers: { X: abc } } }\nexpect: { headers: { x: { contains: b, matches: "^a.c$" }, y: null } }`,
    ],
    [
      "what was sent",
      `request: { operation: chat, deployment: d, body: { q: 1 }, query: { v: "2" }, headers: { X-Y: z } }\nexpect: { sent: [{ backend: a, method: POST, path: /openai/deployments/d/chat/completions, query: { v: "2", w: null }, headers: { x-y: z }, url: { contains: a.test }, body: { q: 1 } }] }`,
    ],
    [
      "a path in place of an operation",
      "request: { method: GET, path: /ai/items/5 }\nexpect: { status: 200, sent: { path: /openai/items/5 } }",
    ],
    [
      "a path that nothing is at",
      "request: { path: /nowhere }\nexpect: { status: 404, backends: [], error: '' }",
    ],
    ["no key", `request: { operation: chat, subscriptionKey: false }\nexpect: { status: 401, backends: [] }`],
    ["a wrong key", `request: { operation: chat, subscriptionKey: guess }\nexpect: { status: 401 }`],
    ["time", `${chat}backends: { a: { delay: 1500ms } }\nexpect: { elapsed: 1.5 }`],
    [
      "time within bounds",
      `${chat}backends: { a: { delay: 1500ms } }\nexpect: { elapsed: { min: 1s, max: 2s } }`,
    ],
    ["no answer in time", `${chat}backends: { a: { error: timeout } }\nexpect: { status: 500, elapsed: 5m }`],
    ["no connection", `${chat}backends: { a: { error: connection } }\nexpect: { status: 500, elapsed: 0s }`],
    [
      "a stream, where the usual call asks for one",
      `request: { operation: chat, stream: true }\nexpect: { headers: { content-type: { contains: event-stream } }, bodyContains: "[DONE]", isCut: false }`,
    ],
    [
      "a stream, where the body asks for one",
      `request: { operation: chat, body: { stream: true } }\nexpect: { bodyContains: "[DONE]" }`,
    ],
    [
      "the time to the first piece of 8 KB, and to the end",
      `request: { operation: chat, stream: true }\nbackends: { a: { delay: 200ms, tokensPerSecond: 20 } }\nexpect: { firstByte: { min: 2s, max: 2200ms }, elapsed: 2200ms }`,
    ],
    [
      "a stream of one's own that breaks off, without what the gateway holds back",
      `${chat}backends: { a: { headers: { Content-Type: text/event-stream }, body: "data: 1\\n\\ndata: 2\\n\\n", error: connection, afterTokens: 1 } }\nexpect: { status: 200, isCut: true, body: "" }`,
    ],
    [
      "no answer from a connection that breaks where nothing is streamed",
      `${chat}backends: { a: { error: connection, afterTokens: 1 } }\nexpect: { status: 500, isCut: false }`,
    ],
    [
      "a body as JSON is no stream, though one was asked for",
      `request: { operation: chat, stream: true }\nbackends: { a: { status: 400, body: { error: no } } }\nexpect: { status: 400, headers: { content-type: application/json }, body: { error: no } }`,
    ],
    [
      "an answer that is no stream at once",
      `${chat}backends: { a: { delay: 1s } }\nexpect: { firstByte: 1s }`,
    ],
    ["no error", `${chat}expect: { error: null }`],
    [
      "429 as an account says it",
      `${chat}backends: { a: { status: 429 } }\nexpect: { status: 429, body: { error: { code: "429" } } }`,
    ],
  ])("%s", (_, content) => {
    const { requests, passed } = run(one(content));
    expect(requests.flatMap(({ mismatches }) => mismatches)).toEqual([]);
    expect(passed).toBe(true);
  });

  it("lines of the trace", () => {
    const inbound = `<set-variable name="v" value="x1" />${toPool}`;
    expect(run(one(`${chat}expect: { trace: [v = x1] }`), inbound).passed).toBe(true);
  });

  it("calls of send-request, by the beginning of their URL", () => {
    const inbound =
      '<send-request response-variable-name="r" mode="new"><set-url>https://side.test/x/1</set-url><set-method>GET</set-method></send-request>' +
      toPool;
    const content = `${chat}backends: { "https://side.test/x": { status: 204 } }\nexpect: { backends: [a], sent: [{ url: "https://side.test/x/1", method: GET }, { backend: a }] }`;
    expect(run(one(content), inbound).passed).toBe(true);
  });

  it("products, each with a key of its own", () => {
    const product = (id: string): GatewayResource[] => [
      { kind: "product", id, path: `products/${id}`, body: { properties: { displayName: id } } },
      { kind: "productApi", id: `${id}/ai`, path: `products/${id}/apis/ai`, body: {} },
    ];
    const inbound = `<set-header name="X-Product"><value>@(context.Product?.Name ?? "none")</value></set-header>${toPool}`;
    const content = `
request: { operation: chat }
steps:
  - request: { product: gold }
    expect: { sent: { headers: { X-Product: gold } } }
  - request: { product: free }
    expect: { sent: { headers: { X-Product: free } } }
  - expect: { sent: { headers: { X-Product: none } } }`;
    const result = run(one(content), inbound, [...product("gold"), ...product("free")]);
    expect(result.requests.flatMap(({ mismatches }) => mismatches)).toEqual([]);
  });
});

describe("steps", () => {
  const answers = "backends: { a: [{ status: 429 }, { status: 429 }, { status: 200 }] }";

  it("share a gateway, and virtual time passes between them", () => {
    const result = run(
      one(`
request: { operation: chat }
${answers}
steps:
  - times: 2
    expect: { status: 429, backends: [a] }
  - expect: { status: 200, backends: [b] }
  - after: 59s
    expect: { backends: [b] }
  - after: 1s
    expect: { status: 200, backends: [a] }`),
    );
    expect(result.passed).toBe(true);
    expect(result.requests.map(({ at }) => at)).toEqual([0, 0, 0, 59_000, 60_000]);
  });

  it("end with the first request that is not as expected", () => {
    const result = run(
      one(`${chat}${answers}\nsteps: [{ times: 5, expect: { status: 429 } }, { expect: { status: 200 } }]`),
    );
    expect(result.passed).toBe(false);
    expect(result.requests.map(({ step, repetition, status }) => [step, repetition, status])).toEqual([
      [1, 1, 429],
      [1, 2, 429],
      [1, 3, 200],
    ]);
  });

  it("lay their requests over the case's and the file's", () => {
    const yaml = `
request: { operation: chat, headers: { A: "1", B: "1" } }
cases:
  - name: it
    request: { headers: { B: "2" } }
    steps:
      - request: { headers: { C: "3" } }
        expect: { sent: { headers: { A: "1", B: "2", C: "3" } } }
      - request: { method: GET, path: /ai/items/1 }
        expect: { sent: { method: GET, path: /openai/items/1, headers: { A: "1" } } }
      - expect: { sent: { method: POST } }
`;
    expect(run(yaml).requests.flatMap(({ mismatches }) => mismatches)).toEqual([]);
  });
});

describe("what fails", () => {
  it.each([
    ["status: 201", "status", "201", "200", "7:15"],
    ["backends: [b]", "backends", "b", "a", "7:17"],
    ["backends: []", "backends", "(none)", "a", "7:17"],
    ["headers: { x-ms-region: b }", "headers.x-ms-region", "b", "a", "7:31"],
    ["headers: { x-ms-region: null }", "headers.x-ms-region", "(absent)", "a", "7:31"],
    ["headers: { No: { contains: x } }", "headers.No", 'a text with "x"', "(absent)", "7:22"],
    ["body: { a: 1 }", "body.a", "1", "2", "7:18"],
    ["body: { l: [1] }", "body.l", "[\n  1\n]", "[\n  1,\n  2\n]", "7:18"],
    ["body: { toString: x }", "body.toString", '"x"', "(absent)", "7:25"],
    ["body: text", "body", "text", '{"a":2,"l":[1,2]}', "7:13"],
    ["elapsed: 1s", "elapsed", "1000 ms", "0 ms", "7:16"],
    ["elapsed: { min: 2s }", "elapsed", "at least 2000 ms", "0 ms", "7:16"],
    ["sent: { path: /x }", "sent.path", "/x", "/openai/deployments/gpt-4o/chat/completions", "7:21"],
    ["sent: [{ backend: a }, { backend: b }]", "sent[1]", "a call to b", "(none)", "7:30"],
    [
      "sent: []",
      "sent",
      "0 calls",
      "1, the next one POST https://a.test/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
      "7:13",
    ],
    ["trace: [never]", "trace[0]", 'a line with "never"', "(absent)", "7:15"],
    ["error: boom", "error", "boom", "(absent)", "7:14"],
  ])("%s", (check, what, expected, actual, place) => {
    const yaml = one(`${chat}backends:\n  a: { body: { a: 2, l: [1, 2] } }\nexpect:\n  ${check}`);
    const [found, ...others] = run(yaml).requests.flatMap(({ mismatches }) => mismatches);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ what, expected, actual });
    expect(`${found?.at.line}:${found?.at.column}`).toBe(place);
  });

  it("a policy that cannot be run, whatever was expected", () => {
    const result = run(one(`${chat}expect: { status: 501 }`), "<xsl-transform />");
    expect(result.requests[0]?.mismatches).toMatchObject([{ what: "run" }]);
    expect(result.requests[0]?.mismatches[0]?.actual).toContain("xsl-transform");
  });
});

it("keeps secrets out of what it shows", () => {
  const secret: GatewayResource = {
    kind: "namedValue",
    id: "k",
    path: "namedValues/k",
    body: { properties: { displayName: "k", value: "s3cret", secret: true } },
  };
  const inbound = `<set-header name="X-K" exists-action="override"><value>{{k}}</value></set-header><set-variable name="v" value="{{k}}" />${toPool}`;
  const content = `${chat}expect: { sent: { headers: { X-K: other } } }`;
  const { requests } = run(one(content), inbound, [secret]);
  expect(requests[0]?.mismatches).toHaveLength(1);
  expect(requests[0]?.trace.some(({ text }) => text.startsWith("v = "))).toBe(true);
  expect(JSON.stringify(requests)).not.toContain("s3cret");
});

describe("what is refused before anything runs", () => {
  it.each([
    [
      "cases: [{ name: x, request: { operation: caht }, expect: { status: 200 } }]",
      "1:42",
      "no operation `caht`",
    ],
    ["cases: [{ name: x, expect: { status: 200 } }]", "1:9", "which operation is called"],
    [
      "backends: { aa: {} }\ncases: [{ name: x, request: { operation: chat }, expect: { status: 200 } }]",
      "1:13",
      "did you mean `a`?",
    ],
    [
      "cases: [{ name: x, request: { operation: chat }, expect: { backends: [pool] } }]",
      "1:71",
      "no single backend `pool`",
    ],
    [
      "cases: [{ name: x, request: { operation: chat, product: p }, expect: { status: 200 } }]",
      "1:57",
      "no product `p`",
    ],
  ])("%s", (yaml, place, message) => {
    const { cases, problems } = parseTestFile(yaml, "t.yaml");
    expect(problems).toEqual([]);
    const [found, ...others] = checkCases(config(toPool), cases);
    expect(others).toEqual([]);
    expect(found?.message).toContain(message);
    expect(`${found?.at.line}:${found?.at.column}`).toBe(place);
  });

  it.each([
    ["", "the test file is empty"],
    ["cases: []", "cases"],
    ["cases: [{ name: x }]", "give either `expect`"],
    ["cases: [{ name: x, expect: { status: 200 }, steps: [{}] }]", "give either `expect`"],
    ["cases: [{ name: x, expect: {} }]", "at least one of its keys"],
    ["cases: [{ name: x, expct: {} , expect: { status: 200 } }]", "did you mean `expect`?"],
    ["cases: [{ name: x, request: { path: a }, expect: { status: 200 } }]", "a path that begins with /"],
    [
      "cases: [{ name: x, request: { path: /a, operation: b }, expect: { status: 200 } }]",
      "give either `path`",
    ],
    ["cases: [{ name: x, request: { method: GET }, expect: { status: 200 } }]", "`method` goes with `path`"],
    [
      "cases: [{ name: x, backends: { a: { error: timeout, status: 1 } }, expect: { status: 200 } }]",
      "status",
    ],
    ['cases: [{ name: x, expect: { headers: { a: { matches: "(" } } } }]', "regular expression"],
    ["cases: [{ name: x, expect: { elapsed: soon } }]", "a duration such as"],
  ])("%s", (yaml, message) => {
    const { cases, problems } = parseTestFile(yaml, "t.yaml");
    expect(cases).toEqual([]);
    expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
  });
});
