/** What each policy does with a request; what the pipeline does is in pipeline.test.ts. */
import { describe, expect, it } from "vitest";
import { retryWait } from "../../../src/core/gateway/policies/retry.ts";
import { callGateway, createGateway, headersOf, policyXml } from "./call-gateway.ts";
import type { BackendAnswer, GatewayCase, RequestCase } from "./call-gateway.ts";

/** A gateway whose API has these sections. */
const api = (sections: Parameters<typeof policyXml>[0], more: GatewayCase = {}): GatewayCase => ({
  ...more,
  policies: { "apis/ai": policyXml(sections) },
});

const header = (name: string, value: string, action = "override"): string =>
  `<set-header name="${name}" exists-action="${action}"><value>${value}</value></set-header>`;

describe("retry", () => {
  it.each([
    { name: "fixed", waits: { interval: 10 }, expected: [10, 10, 10, 10] },
    { name: "linear", waits: { interval: 10, delta: 5 }, expected: [10, 15, 20, 25] },
    {
      name: "exponential",
      waits: { interval: 10, delta: 10, maxInterval: 100 },
      expected: [10, 20, 40, 80, 100, 100],
    },
    { name: "fast at first", waits: { interval: 10, delta: 5, firstFast: true }, expected: [0, 15, 20] },
    { name: "max-interval without delta", waits: { interval: 10, maxInterval: 5 }, expected: [10, 10] },
  ])("waits: $name", ({ waits, expected }) => {
    const all = { delta: undefined, maxInterval: undefined, firstFast: false, ...waits };
    expect(expected.map((_, index) => retryWait(all, index + 1, () => 0.5))).toEqual(expected);
  });

  const always = (children: string, more = "") =>
    api({ backend: `<retry condition="true" count="2" interval="3" ${more}>${children}</retry>` });

  it("runs its children count + 1 times, with waits between", () => {
    const { sent, milliseconds, answer } = callGateway(always("<forward-request />"), {}, [
      { status: 429 },
      { status: 429 },
      { status: 429 },
    ]);
    expect([sent.length, milliseconds, answer.status]).toEqual([3, 6300, 429]);
  });

  it("goes on after a call without an answer; what is left at the end is the error", () => {
    const failing: BackendAnswer[] = [{ fails: true }, { fails: true }, { status: 200 }];
    expect(callGateway(always("<forward-request />"), {}, failing).answer).toMatchObject({
      status: 200,
      error: null,
    });
    const { answer } = callGateway(always("<forward-request />"), {}, [
      { fails: true },
      { fails: true },
      { fails: true },
    ]);
    expect(answer).toMatchObject({
      status: 500,
      error: { source: "forward-request", path: "retry[1]/forward-request[1]" },
    });
  });

  it("sends the body once, unless it is kept", () => {
    const bodies = (gateway: GatewayCase) =>
      callGateway(gateway, { body: "text" }).sent.map(({ body }) => body);
    expect(bodies(always("<forward-request />"))).toEqual(["text", null, null]);
    expect(bodies(always('<forward-request buffer-request-body="true" />'))).toEqual([
      "text",
      "text",
      "text",
    ]);
    expect(bodies(always("<set-body>new</set-body><forward-request />"))).toEqual(["new", "new", "new"]);
  });

  it("ends with return-response", () => {
    const { answer, sent } = callGateway(always("<forward-request /><return-response />"));
    expect([answer.status, sent.length]).toEqual([200, 1]);
  });
});

describe("set-header, set-body, set-method, set-status, find-and-replace", () => {
  it.each([
    ["override", "new"],
    ["skip", "old"],
    ["append", "old,new"],
    ["delete", undefined],
  ])("set-header %s", (action, expected) => {
    const { sent } = callGateway(api({ inbound: header("X-A", "new", action) }), {
      headers: { "x-a": "old" },
    });
    expect(sent[0]?.headers["x-a"]).toBe(expected);
  });

  it("changes the request on the way in, and the answer on the way out", () => {
    const { sent, answer, body } = callGateway(
      api({
        inbound:
          "<set-method>PUT</set-method><set-body>[text]</set-body><find-and-replace from='te' to='ne' />",
        outbound: `<set-status code="299" reason="Fine" /><find-and-replace from="a" to="b" />${header("x-out", "1")}`,
      }),
      { body: "x" },
      [{ body: "banana" }],
    );
    expect(sent[0]).toMatchObject({ method: "PUT", body: "[next]" });
    expect([answer.status, answer.reason, body, headersOf(answer.headers)]).toEqual([
      299,
      "Fine",
      "bbnbnb",
      { "x-out": "1" },
    ]);
  });

  it("set-body fails on a request without a body", () => {
    expect(callGateway(api({ inbound: "<set-body>x</set-body>" })).answer.error?.source).toBe("set-body");
  });
});

describe("what goes elsewhere", () => {
  it("send-request: a call of its own, whose answer return-response can give", () => {
    const { answer, sent, body } = callGateway(
      api({
        inbound: `<send-request response-variable-name="r" timeout="5"><set-url>https://two.test/x</set-url><set-method>PUT</set-method>${header("x-a", "1")}<set-body>hi</set-body><authentication-managed-identity resource="https://vault.test" /></send-request><return-response response-variable-name="r" />`,
      }),
      {},
      [{ status: 201, body: "made" }],
    );
    expect([answer.status, body, sent.length]).toEqual([201, "made", 1]);
    expect(sent[0]).toMatchObject({
      url: "https://two.test/x",
      method: "PUT",
      body: "hi",
      headers: { "x-a": "1" },
    });
  });

  it("send-request: a failure is an error, or null where it is ignored", () => {
    const xml = (ignores: boolean) =>
      api({
        inbound: `<send-request response-variable-name="r" ignore-error="${ignores}"><set-url>https://two.test/</set-url></send-request>`,
      });
    expect(callGateway(xml(false), {}, [{ fails: true }]).answer.error?.source).toBe("send-request");
    expect(callGateway(xml(true), {}, [{ fails: true }]).answer.status).toBe(200);
  });

  it("wait: side by side", () => {
    const request = (name: string) =>
      `<send-request response-variable-name="${name}"><set-url>https://${name}.test/</set-url></send-request>`;
    const timed = (until: string) =>
      callGateway(
        api({ inbound: `<wait for="${until}">${request("a")}${request("b")}</wait><return-response />` }),
        {},
        [{ milliseconds: 300 }, { milliseconds: 700 }],
      );
    expect(timed("all").milliseconds).toBe(700);
    expect(timed("any").answer.status).toBe(200);
  });

  it("records metrics, traces, events and one-way requests", () => {
    const { answer } = callGateway(
      api({
        inbound: `<emit-metric name="calls" namespace="n" value="2"><dimension name="API ID" /><dimension name="team" value="t" /></emit-metric>
          <llm-emit-token-metric namespace="tokens"><dimension name="Backend ID" /></llm-emit-token-metric>
          <trace source="here"><message>hello</message></trace>
          <log-to-eventhub logger-id="hub">event</log-to-eventhub>
          <send-one-way-request><set-url>https://hook.test/path</set-url><set-method>POST</set-method></send-one-way-request>`,
      }),
      {},
      [
        {
          headers: { "Content-Type": "application/json" },
          body: '{"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}',
        },
      ],
    );
    expect(answer.recorded).toEqual([
      {
        policy: "emit-metric",
        values: { namespace: "n", name: "calls", value: 2, "API ID": "ai", team: "t" },
      },
      { policy: "trace", values: { source: "here", message: "hello" } },
      { policy: "log-to-eventhub", values: { logger: "hub", message: "event" } },
      { policy: "send-one-way-request", values: { method: "POST", url: "https://hook.test/path" } },
      {
        policy: "llm-emit-token-metric",
        values: {
          namespace: "tokens",
          "Total Tokens": 3,
          "Prompt Tokens": 1,
          "Completion Tokens": 2,
          "Backend ID": "",
        },
      },
    ]);
  });
});

describe("mock-response", () => {
  it("ends with its status and type", () => {
    const { answer, sent } = callGateway(
      api({ inbound: '<mock-response status-code="201" content-type="application/json" />' }),
    );
    expect([answer.status, answer.headers.get("Content-Type"), sent.length]).toEqual([
      201,
      ["application/json"],
      0,
    ]);
  });
});

describe("cache-lookup and cache-store", () => {
  it("answers the same GET again without the backend, until its time has passed", () => {
    const call = createGateway(
      api({
        inbound:
          '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false"><vary-by-header>Accept</vary-by-header></cache-lookup>',
        outbound: '<cache-store duration="60" />',
      }),
    );
    const get = (more: RequestCase = {}) =>
      call({ method: "GET", path: "/ai/items/1", ...more }, [{ body: "fresh" }]);
    expect(get().sent).toHaveLength(1);
    expect(get()).toMatchObject({ sent: [], body: "fresh" });
    expect(get({ headers: { Accept: "text/plain" } }).sent).toHaveLength(1);
    expect(get({ path: "/ai/items/2" }).sent).toHaveLength(1);
    expect(get({ after: 60_000 }).sent).toHaveLength(1);
    expect(call({ body: "x" }).sent).toHaveLength(1);
    expect(call({ body: "x" }).sent).toHaveLength(1);
  });
});

describe("redirect-content-urls", () => {
  it("puts the gateway's address in place of the backend's, and back", () => {
    const { sent, body } = callGateway(
      api({ inbound: "<redirect-content-urls />", outbound: "<redirect-content-urls />" }),
      { body: "see https://gateway.test/ai/chat" },
      [{ body: "see https://own.test/base/items/1" }],
    );
    expect([sent[0]?.body, body]).toEqual([
      "see https://own.test/base/chat",
      "see https://gateway.test/ai/items/1",
    ]);
  });
});
