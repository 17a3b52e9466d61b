/** Content safety and semantic caches in front of language models. */
import { describe, expect, it } from "vitest";
import { distanceOf, promptVector } from "../../../src/core/gateway/semantic-cache.ts";
import { callGateway, createGateway, policyXml } from "./call-gateway.ts";
import type { BackendAnswer, GatewayCase, RequestCase } from "./call-gateway.ts";

const api = (sections: Parameters<typeof policyXml>[0]): GatewayCase => ({
  policies: { "apis/ai": policyXml(sections) },
  backends: { safety: { url: "https://safety.test/contentsafety" } },
});

const chat = (...contents: readonly string[]): RequestCase => ({
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ messages: contents.map((content) => ({ role: "user", content })) }),
});

const json = (value: unknown, status = 200): BackendAnswer => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value),
});

const rated = (severity: number): BackendAnswer =>
  json({ blocklistsMatch: [], categoriesAnalysis: [{ category: "Hate", severity }] });
const attacked = (attackDetected: boolean): BackendAnswer => json({ userPromptAnalysis: { attackDetected } });
const completion = (content: string): BackendAnswer =>
  json({ choices: [{ message: { role: "assistant", content } }] });

describe("llm-content-safety", () => {
  const policy = (more = "", inside = '<categories><category name="Hate" threshold="4" /></categories>') =>
    `<llm-content-safety backend-id="safety"${more}>${inside}</llm-content-safety>`;

  it("asks the backend about all text of the request, and lets through what is below the threshold", () => {
    const { answer, sent } = callGateway(
      api({ inbound: policy(' shield-prompt="true"') }),
      chat("one", "two"),
      [attacked(false), rated(3), completion("fine")],
    );
    expect(answer.status).toBe(200);
    expect(sent.map(({ url }) => url)).toEqual([
      "https://safety.test/contentsafety/text:shieldPrompt?api-version=2024-09-01",
      "https://safety.test/contentsafety/text:analyze?api-version=2024-09-01",
      "https://own.test/base/chat",
    ]);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ userPrompt: "one\ntwo", documents: [] });
    expect(JSON.parse(sent[1]?.body ?? "")).toEqual({
      text: "one\ntwo",
      categories: ["Hate"],
      outputType: "FourSeverityLevels",
    });
    expect(answer.recorded).toEqual([
      { policy: "llm-content-safety", values: { result: "safe", characters: 7 } },
    ]);
  });

  const blocklists = "<blocklists><id>words</id></blocklists>";

  it.each([
    { name: "a severity at the threshold", policy: policy(), answers: [rated(4)], status: 403 },
    {
      name: "an attack",
      policy: policy(' shield-prompt="true"', ""),
      answers: [attacked(true)],
      status: 403,
    },
    {
      name: "a blocklist",
      policy: policy("", blocklists),
      answers: [json({ blocklistsMatch: [{ blocklistName: "words" }] })],
      status: 403,
    },
    {
      name: "a backend that does not let the gateway in",
      policy: policy(),
      answers: [json({}, 401)],
      status: 403,
    },
    { name: "a backend that fails", policy: policy(), answers: [json({}, 500)], status: 500 },
    {
      name: "a backend that does not answer",
      policy: policy(),
      answers: [{ fails: true } as const],
      status: 500,
    },
  ])("stops the request for $name", ({ policy: inbound, answers, status }) => {
    const { answer, sent, body } = callGateway(api({ inbound }), chat("text"), answers);
    expect([answer.status, sent.length]).toEqual([status, 1]);
    if (status === 403) expect(body).toContain("Request failed content safety check.");
    expect(answer.error?.source).toBe("llm-content-safety");
  });

  it("does not ask about nothing, and fails for more than the service takes", () => {
    expect(callGateway(api({ inbound: policy() }), { body: "no JSON" }).sent).toHaveLength(1);
    expect(callGateway(api({ inbound: policy() }), chat("x".repeat(10_001))).answer.status).toBe(500);
  });

  it.each([
    { name: "in outbound", sections: { outbound: policy() }, calls: 2 },
    {
      name: "where inbound says so",
      sections: { inbound: policy(' enforce-on-completions="true"') },
      calls: 3,
    },
  ])("checks the answer: $name", ({ sections, calls }) => {
    const before = calls === 3 ? [rated(0)] : [];
    const run = (severity: number) =>
      callGateway(api(sections), chat("text"), [...before, completion("an answer"), rated(severity)]);
    expect([run(0).answer.status, run(0).body]).toEqual([200, expect.stringContaining("an answer")]);
    const stopped = run(6);
    expect([stopped.answer.status, stopped.sent.length]).toEqual([403, calls]);
    expect(JSON.parse(stopped.sent.at(-1)?.body ?? "")).toMatchObject({ text: "an answer" });
  });

  it("looks at answers in windows that overlap", () => {
    const outbound = policy(' window-size="4" window-overlap-size="1"');
    const { sent } = callGateway(api({ outbound }), chat("text"), [
      completion("abcdefgh"),
      rated(0),
      rated(0),
      rated(0),
    ]);
    const texts = sent.slice(1).map(({ body }) => (JSON.parse(body ?? "") as { text: string }).text);
    expect(texts).toEqual(["abcd", "defg", "gh"]);
  });
});

describe("semantic caches", () => {
  const policies = (lookup: string, store = 'duration="60"', kind = "llm"): GatewayCase =>
    api({
      inbound: `<${kind}-semantic-cache-lookup embeddings-backend-id="e" embeddings-backend-auth="system-assigned" ${lookup}`,
      outbound: `<${kind}-semantic-cache-store ${store} />`,
    });

  it.each(["llm", "azure-openai"])("answers what is near enough, for as long as it is kept: %s", (kind) => {
    const call = createGateway(policies('score-threshold="0.05" />', 'duration="60"', kind));
    const answers = [completion("kept")];
    expect(call(chat("How tall is the tower of Pisa?"), answers).sent).toHaveLength(1);
    const hit = call(chat("how tall IS the tower of Pisa"), answers);
    expect([hit.sent.length, hit.body]).toEqual([0, expect.stringContaining("kept")]);
    expect(call(chat("How old is the tower of Paris?"), answers).sent).toHaveLength(1);
    expect(call({ ...chat("How tall is the tower of Pisa?"), after: 61_000 }, answers).sent).toHaveLength(1);
  });

  it("has scores that are similarities where the switch says so", () => {
    const similar = {
      ...policies('score-threshold="0.5" />'),
      options: { semanticScore: "similarity" as const },
    };
    const call = createGateway(similar);
    const calls = ["a b c d", "a b c e", "x y z"].map(
      (text) => call(chat(text), [completion("1")]).sent.length,
    );
    expect(calls).toEqual([1, 0, 1]);
  });

  it("keeps values of vary-by apart, and models and streams", () => {
    const vary = "<vary-by>v</vary-by></llm-semantic-cache-lookup>";
    const call = createGateway(policies(`score-threshold="0.05">${vary}`));
    const body = (more: object) => ({
      body: JSON.stringify({ messages: [{ role: "user", content: "x" }], ...more }),
    });
    const calls = [{}, { model: "m" }, { stream: true }, {}].map(
      (more) => call(body(more), [completion("1")]).sent.length,
    );
    expect(calls).toEqual([1, 1, 1, 0]);
  });

  it("passes over the system's messages, and dialogs that are too long", () => {
    const call = createGateway(
      policies('score-threshold="0.01" ignore-system-messages="true" max-message-count="1" />'),
    );
    const messages = (...given: readonly (readonly [role: string, content: string])[]) => ({
      body: JSON.stringify({ messages: given.map(([role, content]) => ({ role, content })) }),
    });
    const calls = [
      messages(["system", "be brief"], ["user", "hello"]),
      messages(["system", "something else entirely"], ["user", "hello"]),
      messages(["user", "hello"], ["user", "hello"]),
      messages(["user", "hello"], ["user", "hello"]),
    ].map((request) => call(request, [completion("1")]).sent.length);
    expect(calls).toEqual([1, 0, 1, 1]);
  });

  it.each([
    { store: 'duration="60"', expected: 1 },
    { store: 'duration="60" cache-response="true"', expected: 0 },
  ])("keeps errors only where it is to: $store", ({ store, expected }) => {
    const call = createGateway(policies('score-threshold="0.05" />', store));
    call(chat("x"), [json({}, 400)]);
    expect(call(chat("x"), [json({}, 400)]).sent).toHaveLength(expected);
  });

  it("is shared by all instances", () => {
    const call = createGateway({ ...policies('score-threshold="0.05" />'), instances: 2 });
    expect([1, 2].map(() => call(chat("x"), [completion("1")]).sent.length)).toEqual([1, 0]);
  });
});

describe("distanceOf", () => {
  it.each([
    ["a b", "b a", 0],
    ["a", "b", 1],
    ["", "", 0],
    ["", "a", 1],
    ["a a", "a", 0],
    ["a b", "a", 1 - Math.SQRT1_2],
  ])("%j and %j: %d", (a, b, expected) => {
    expect(distanceOf(promptVector(a), promptVector(b))).toBeCloseTo(expected, 12);
  });
});
