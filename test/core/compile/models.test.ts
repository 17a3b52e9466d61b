/** Renames and routing by model, run through the gateway: which account gets which call, and under which name. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { compile } from "../../../src/core/compile/compile.ts";
import type { CompileResult } from "../../../src/core/compile/compile.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import { Gateway } from "../../../src/core/gateway/engine.ts";
import { HeaderMap, createBody, parseUrl } from "../../../src/core/gateway/message.ts";
import { defaultOptions } from "../../../src/core/gateway/policy-definition.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { failureAnswer, successAnswer } from "../../../src/core/simulate/account-answers.ts";
import { drive } from "../../../src/core/simulate/drive.ts";
import { createRandom } from "../../../src/core/simulate/random.ts";
import { guids } from "../../../src/core/simulate/simulation.ts";
import { VirtualTime } from "../../../src/core/simulate/virtual-time.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const post = (operationId: string) => ({
  post: {
    operationId,
    parameters: [{ name: "api-version", in: "query", required: true, schema: { type: "string" } }],
    responses: { 200: { description: "OK" } },
  },
});
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Models", version: "1" },
  paths: {
    "/deployments/{deployment-id}/chat/completions": post("Path"),
    "/responses": post("Body"),
    "/audio/transcriptions": {
      post: { ...post("Form").post, requestBody: { content: { "multipart/form-data": {} } } },
    },
    "/*": post("Any"),
    "/models": { get: { operationId: "List", responses: { 200: { description: "OK" } } } },
  },
});

type Parts = Readonly<Record<string, unknown>>;

function compiled(operations: Parts, parts: Parts): CompileResult {
  const spec = {
    apimgw: 1,
    name: "models",
    service: {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroup: "rg-ai",
      name: "contoso-apim",
    },
    apis: { ai: { path: "openai", openapi: "a.json", subscriptionKey: false, operations } },
    ...parts,
  };
  const { parsed, problems } = parseSpec(JSON.stringify(spec), { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const document = parseOpenApi(openApi, "a.json");
  if (!document.ok) throw new Error("the document is sound");
  return compile({ parsed, openApi: new Map([["ai", document.document]]), policySources: new Map() });
}

type Sent = {
  readonly account: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
};

/** Sends one request; accounts answer by the first part of their host. Gives what was sent, and the answer. */
function send(
  { model, problems }: CompileResult,
  path: string,
  body: string | undefined,
  answers: (account: string) => number,
  seed = 1,
): { readonly sent: readonly Sent[]; readonly status: number; readonly text: string } {
  expect(problems).toEqual([]);
  const time = new VirtualTime(0);
  const gateway = new Gateway({
    config: gatewayConfig(model.resources, []),
    ports: { now: () => time.now, random: createRandom(seed), guid: guids() },
    options: defaultOptions,
  });
  const url = parseUrl(`https://gateway.local${path}?api-version=2024-10-21&x=a%20b`);
  if (url === undefined) throw new Error("an address");
  const sent: Sent[] = [];
  const call = gateway.call(
    {
      method: "POST",
      url,
      headers: new HeaderMap([["Content-Type", "application/json"]]),
      body: body === undefined ? null : createBody(body),
      ipAddress: "203.0.113.7",
    },
    { traces: false, explains: false },
  );
  const ends: unknown[] = [];
  drive(
    call.steps,
    time,
    (outgoing) => {
      const account = outgoing.url.host.split(".", 1)[0] ?? "";
      const bytes = outgoing.body?.bytes;
      sent.push({
        account,
        path: outgoing.url.path,
        query: outgoing.url.queryString,
        body: bytes === undefined ? "" : new TextDecoder().decode(bytes),
      });
      const status = answers(account);
      const facts = { region: account, ordinal: sent.length, now: time.now };
      const none = { tokens: undefined, requests: undefined };
      const result =
        status < 400
          ? successAnswer(outgoing, { prompt: 1, completion: 1 }, facts, none)
          : failureAnswer(status, undefined, facts);
      return { result, milliseconds: 1 };
    },
    (error) => {
      ends.push(error?.thrown);
    },
  );
  while (ends.length === 0 && time.step());
  expect(ends).toEqual([undefined]);
  const answer = call.answer();
  return {
    sent,
    status: answer.status,
    text: answer.body === null ? "" : new TextDecoder().decode(answer.body.bytes),
  };
}

const callers = ["gpt-4o", "GPT-35", "o3.mini", "other"];
const accounts = ["a", "b", "c", "d"];
const tables = fc.array(
  fc.dictionary(fc.constantFrom("gpt-4o", "gpt-35", "o3.mini"), fc.constantFrom("one", "two", "gpt-4o"), {
    maxKeys: 3,
  }),
  { minLength: 4, maxLength: 4 },
);

type Table = Readonly<Record<string, string>>;

const backendsOf = (names: readonly Table[]) =>
  Object.fromEntries(
    accounts.map((id, index) => [
      id,
      { url: `https://${id}.example/openai`, deployments: names[index] ?? {} },
    ]),
  );

function nameOn(names: readonly Table[], account: string, model: string): string {
  const table = names[accounts.indexOf(account)] ?? {};
  const own = Object.entries(table).find(([name]) => name.toLowerCase() === model.toLowerCase());
  return own?.[1] ?? model;
}

const bodyOf = (model: string): string => `{"input":"hi","model":${JSON.stringify(model)},"stream":true}`;

describe("a call is sent to each account under the name that it knows", () => {
  const path = (model: string): string => `/openai/deployments/${model}/chat/completions`;

  function checkSent(sent: readonly Sent[], names: readonly Table[], model: string, isInPath: boolean): void {
    for (const { account, path: sentPath, query, body } of sent) {
      const name = nameOn(names, account, model);
      expect(query).toBe("?api-version=2024-10-21&x=a%20b");
      // Case stays where the name does.
      if (isInPath) expect(sentPath.toLowerCase()).toBe(path(name).toLowerCase());
      expect(body.toLowerCase()).toBe(bodyOf(isInPath ? model : name).toLowerCase());
    }
  }

  it.each([{ isInPath: true }, { isInPath: false }])(
    "along a chain of fallbacks and retries, $isInPath",
    ({ isInPath }) => {
      fc.assert(
        fc.property(
          tables,
          fc.constantFrom(...callers),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          fc.constantFrom(200, 404, 429),
          (names, model, length, retries, status) => {
            const [main, ...to] = accounts.slice(0, length);
            const route = {
              backend: main,
              ...(to.length === 0 ? {} : { fallback: to }),
              ...(retries ? { retry: { count: 1 } } : {}),
            };
            const result = compiled({ Path: route, Body: route }, { backends: backendsOf(names) });
            const at = isInPath ? path(model) : "/openai/responses";
            const { sent } = send(result, at, bodyOf(model), () => status);
            const each = retries ? [0, 1] : [0];
            const all = [main, ...to].flatMap((account) => each.map(() => account));
            expect(sent.map(({ account }) => account)).toEqual(status === 429 ? all : [main]);
            checkSent(sent, names, model, isInPath);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it.each([{ isInPath: true }, { isInPath: false }])(
    "over the members of a pool, $isInPath",
    ({ isInPath }) => {
      fc.assert(
        fc.property(
          tables,
          fc.constantFrom(...callers),
          fc.array(fc.record({ priority: fc.constantFrom(1, 2), weight: fc.integer({ min: 1, max: 5 }) }), {
            minLength: 4,
            maxLength: 4,
          }),
          fc.integer({ min: 1, max: 100 }),
          (names, model, more, seed) => {
            const members = accounts.map((backend, index) => ({ backend, ...more[index] }));
            const breaker = { count: 1, interval: "1m", statusCodes: [429], tripDuration: "1m" };
            const backends = Object.fromEntries(
              Object.entries(backendsOf(names)).map(([id, each]) => [
                id,
                { ...each, circuitBreaker: breaker },
              ]),
            );
            const route = { backend: "pool", retry: true };
            const pools = { pool: { members, whenNamesDiffer: "expand" } };
            const result = compiled({ Path: route, Body: route }, { backends, pools });
            const at = isInPath ? path(model) : "/openai/responses";
            const { sent } = send(result, at, bodyOf(model), () => 429, seed);
            checkSent(sent, names, model, isInPath);
            expect(sent.map(({ account }) => account).sort()).toEqual(accounts);
            const priorities = sent.map(({ account }) => more[accounts.indexOf(account)]?.priority ?? 0);
            expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it("picks the first member of an expanded pool by weight", () => {
    const backends = backendsOf([{ "gpt-4o": "one" }, { "gpt-4o": "two" }]);
    const members = [
      { backend: "a", weight: 3 },
      { backend: "b", weight: 1 },
    ];
    const result = compiled(
      { Body: { backend: "pool" } },
      { backends, pools: { pool: { members, whenNamesDiffer: "expand" } } },
    );
    const firsts = Array.from({ length: 400 }, (_, seed) => {
      return send(result, "/openai/responses", bodyOf("gpt-4o"), () => 200, seed + 1).sent[0]?.account;
    });
    const share = firsts.filter((account) => account === "a").length / firsts.length;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.85);
  });
});

describe("the model decides", () => {
  const backends = {
    a: { url: "https://a.example/openai" },
    b: { url: "https://b.example/openai" },
    c: { url: "https://c.example/openai", deployments: { "gpt-4o-old": "old" } },
  };
  const models = {
    "gpt-4o": { backend: "a", fallback: ["b"] },
    "gpt-4o-*": { backend: "c" },
    "*-MINI": { backend: "b" },
    "gpt-4o-real*-x": "deny",
    otherwise: "deny",
  };
  const result = compiled({ Path: { models }, Body: { models } }, { backends });
  const cases: readonly [model: string, account: string | undefined, name?: string][] = [
    ["gpt-4o", "a"],
    ["GPT-4o", "a"],
    ["gpt-4o-2024", "c"],
    ["gpt-4o-old", "c", "old"],
    ["gpt-4o-mini", "c"],
    ["o3-mini", "b"],
    ["gpt-4o-realtime-x", undefined],
    ["gpt-4", undefined],
    ["mini", undefined],
  ];

  it.each(cases)("%s goes to %s", (model, account, name = model) => {
    const inPath = send(result, `/openai/deployments/${model}/chat/completions`, "{}", () => 200);
    const inBody = send(result, "/openai/responses", bodyOf(model), () => 200);
    if (account === undefined) {
      for (const { sent, status, text } of [inPath, inBody]) {
        expect({ sent, status }).toEqual({ sent: [], status: 404 });
        expect(JSON.parse(text)).toMatchObject({ error: { code: "DeploymentNotFound" } });
      }
      return;
    }
    expect(inPath.sent).toMatchObject([{ account, path: `/openai/deployments/${name}/chat/completions` }]);
    expect(inBody.sent).toMatchObject([{ account, body: bodyOf(name) }]);
  });

  it.each([undefined, "", "no JSON", "[]", "{}", '{"model":null}', '{"model":{}}', '{"model":""}'])(
    "a body that names none is a bad request: %s",
    (body) => {
      const { sent, status, text } = send(result, "/openai/responses", body, () => 200);
      expect({ sent, status }).toEqual({ sent: [], status: 400 });
      expect(JSON.parse(text)).toMatchObject({ error: { code: "BadRequest" } });
    },
  );

  it("the answer to unknown models is the spec's", () => {
    const own = compiled(
      { Path: { models: { x: { backend: "a" } }, unknownModel: { status: 403, body: "ask us" } } },
      { backends },
    );
    const { status, text } = send(own, "/openai/deployments/y/chat/completions", "{}", () => 200);
    expect({ status, text }).toEqual({ status: 403, text: "ask us" });
  });

  it("lets everything else through where `otherwise` says so", () => {
    const open = compiled(
      { Path: { models: { x: { backend: "a" }, otherwise: { backend: "b" } } } },
      { backends },
    );
    const { sent } = send(open, "/openai/deployments/y/chat/completions", "{}", () => 200);
    expect(sent).toMatchObject([{ account: "b" }]);
  });
});

describe("what cannot be done is refused", () => {
  const renaming = { url: "https://a.example/openai", deployments: { "gpt-4o": "one" } };
  const messagesOf = (operations: Parts, parts: Parts): string[] =>
    compiled(operations, parts).problems.map(({ rule, message }) => `${rule}: ${message}`);

  it.each([
    [
      "models where any path may be called",
      { Any: { models: { x: { backend: "a" } } } },
      { backends: { a: renaming } },
      "model-not-known: `models` goes by the model that a call names, which cannot be told: its URL template is `/*`, so any path may be called",
    ],
    [
      "renames where any path may be called",
      { Any: { backend: "a" } },
      { backends: { a: renaming } },
      "model-not-known: `gpt-4o` has another name on a backend of `Any`, and a call's deployment cannot be told: its URL template is `/*`, so any path may be called",
    ],
    [
      "models of a call without a body",
      { List: { models: { x: { backend: "a" } } } },
      { backends: { a: renaming } },
      "model-not-known: `models` goes by the model that a call names, which cannot be told: GET /models names none in its path and has no body",
    ],
    [
      "a backend for a deployment of an account whose URL is not known",
      { Path: { backend: "a", fallback: ["there"] } },
      { backends: { a: renaming }, existing: { backends: ["there"] } },
      "deployment-backend: a deployment has another name on `there` than on the backends beside it, which takes a backend of its own, and the URL of `there` is not in this spec",
    ],
    [
      "an id that the spec has already",
      { Path: { backend: "a", fallback: ["a--one"] } },
      { backends: { a: renaming, "a--one": { url: "https://b.example/openai" } } },
      "deployment-backend: the backend for a deployment would be called `a--one`, which this spec has already",
    ],
    [
      "an id that is too long",
      { Path: { backend: "a".repeat(78), fallback: ["b"] } },
      { backends: { ["a".repeat(78)]: renaming, b: { url: "https://b.example/openai" } } },
      `deployment-backend: the backend for a deployment would be called \`${"a".repeat(78)}--one\`, and ids of backends have 80 characters at most`,
    ],
    [
      "two deployments with one id",
      { Path: { backend: "a", fallback: ["b"] } },
      {
        backends: {
          a: { url: "https://a.example/openai", deployments: { x: "n.1", y: "n:1" } },
          b: { url: "https://b.example/openai" },
        },
      },
      "deployment-backend: two deployments would both get the backend `a--n_1`",
    ],
  ])("%s", (_, operations, parts, message) => {
    expect(messagesOf(operations, parts)).toEqual([message]);
  });

  it.each([
    ["models of a form", { Form: { models: { x: { backend: "a" } } } }, "`models` answers all of them 400"],
    [
      "renames in a form",
      { Form: { backend: "a" } },
      "`gpt-4o` and the like reach the account under the caller's name",
    ],
  ])("and warned of: %s", (_, operations, said) => {
    const [problem, ...others] = compiled(operations, { backends: { a: renaming } }).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ rule: "model-in-form", severity: "warning" });
    expect(problem?.message).toContain(said);
  });

  it("and a form without models or renames is left alone", () => {
    expect(messagesOf({ Form: { backend: "a" } }, { backends: { a: { url: "https://a.example" } } })).toEqual(
      [],
    );
  });

  it("and what names no model is left alone", () => {
    expect(messagesOf({ List: { backend: "a" } }, { backends: { a: renaming } })).toEqual([]);
  });
});

it("says in the plan what was made and why", () => {
  const backends = {
    a: { url: "https://a.example/openai", deployments: { "gpt-4o": "one" } },
    b: { url: "https://b.example/openai" },
  };
  const pools = {
    pool: { members: [{ backend: "a" }, { backend: "b" }], whenNamesDiffer: "expand" },
  };
  const { model } = compiled({ Path: { backend: "pool" }, Body: { backend: "pool" } }, { backends, pools });
  const notes = model.resources.flatMap(({ id, notes = [] }) => notes.map((note) => `${id}: ${note}`));
  const why =
    "rewrite-uri stands in inbound only, so the name of the deployment is in the backend's URL, where retries and pools can change it";
  expect(notes).toEqual([
    "ai/Body: pool for model gpt-4o, whose name differs on its members: written out in the policy, by priority, then in turn from a member that chance picks by weight; on 429, 503 a call goes to the next",
    `a--one: deployment one of a: ${why}`,
    `b--gpt-4o: deployment gpt-4o of b: ${why}`,
    `pool--gpt-4o: pool for deployment gpt-4o, whose name differs on its members: ${why}`,
  ]);
});
