/** What each policy does with a request; what the pipeline does is in pipeline.test.ts. */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { retryWait } from "../../../src/core/gateway/policies/retry.ts";
import { addressNumber } from "../../../src/core/gateway/policies/ip-filter.ts";
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

describe("checks", () => {
  it.each([
    {
      name: "an address that is allowed",
      xml: '<ip-filter action="allow"><address>203.0.113.7</address></ip-filter>',
      status: 200,
    },
    {
      name: "a range that is allowed",
      xml: '<ip-filter action="allow"><address-range from="203.0.113.0" to="203.0.113.9" /></ip-filter>',
      status: 200,
    },
    {
      name: "an address that is not",
      xml: '<ip-filter action="allow"><address>203.0.113.8</address></ip-filter>',
      status: 403,
    },
    {
      name: "an address that is forbidden",
      xml: '<ip-filter action="forbid"><address>203.0.113.7</address></ip-filter>',
      status: 403,
    },
    {
      name: "a header that is there",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true" />',
      status: 200,
    },
    {
      name: "a value in other case",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true"><value>ABC</value></check-header>',
      status: 200,
    },
    {
      name: "a value that is not",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="false"><value>ABC</value></check-header>',
      status: 403,
    },
    {
      name: "a header that is missing",
      xml: '<check-header name="X-Other" failed-check-httpcode="418" failed-check-error-message="no" ignore-case="false" />',
      status: 418,
    },
  ])("$name", ({ xml, status }) => {
    expect(callGateway(api({ inbound: xml }), { headers: { "x-key": "abc" } }).answer.status).toBe(status);
  });

  it("answers with the message of check-header", () => {
    const xml =
      '<check-header name="X" failed-check-httpcode="401" failed-check-error-message="Who are you?" ignore-case="false" />';
    expect(callGateway(api({ inbound: xml })).body).toBe('{ "statusCode": 401, "message": "Who are you?" }');
  });

  it.each([
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8::1", "2001:0db8:0:0:0:0:0:1"],
  ])("takes %s and %s for one address", (a, b) => {
    expect(addressNumber(a)).toBe(addressNumber(b));
  });

  it.each(["256.1.1.1", "1:2:3", "a::b::c", "text", ""])("takes %s for none", (text) => {
    expect(addressNumber(text)).toBeUndefined();
  });
});

describe("limits", () => {
  const statuses = (
    gateway: GatewayCase,
    requests: readonly RequestCase[],
    answers: readonly BackendAnswer[] = [],
  ) => {
    const call = createGateway(gateway);
    return requests.map((request) => {
      const { answer } = call(request, answers);
      const retryAfter = answer.headers.get("Retry-After")?.[0];
      return `${answer.status}${retryAfter === undefined ? "" : ` ${retryAfter}`}`;
    });
  };

  it("rate-limit-by-key: a sliding window, byte for byte", () => {
    const gateway = api({
      inbound:
        '<rate-limit-by-key calls="2" renewal-period="10" counter-key="k" remaining-calls-header-name="x-left" />',
    });
    expect(statuses(gateway, [{}, { after: 4000 }, { after: 900 }, { after: 5000 }, {}])).toEqual([
      "200",
      "200",
      "429 5",
      "200",
      "429 4",
    ]);
    const call = createGateway(gateway);
    expect(call().answer.headers.get("x-left")).toEqual(["1"]);
    call();
    expect(call().body).toBe(
      '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 10 seconds." }',
    );
  });

  it("rate-limit: by subscription, and not without one", () => {
    const gateway = api(
      { inbound: '<rate-limit calls="1" renewal-period="60" />' },
      { subscriptions: [{ id: "s", name: "s", keys: ["k", ""], scope: { kind: "all" }, isActive: true }] },
    );
    const keyed = { headers: { "Ocp-Apim-Subscription-Key": "k" } };
    expect(statuses(gateway, [{}, {}, keyed, keyed])).toEqual(["200", "200", "200", "429 60"]);
  });

  it("rate-limit: for single APIs and operations beside the one for all", () => {
    const inbound = `<rate-limit calls="3" renewal-period="60">
      <api name="ai"><operation id="chat" calls="1" renewal-period="60" /><operation id="list" calls="2" renewal-period="60" /></api>
      <api id="other" calls="1" renewal-period="60" />
    </rate-limit>`;
    const gateway = api(
      { inbound },
      { subscriptions: [{ id: "s", name: "s", keys: ["k", ""], scope: { kind: "all" }, isActive: true }] },
    );
    const keyed = { headers: { "Ocp-Apim-Subscription-Key": "k" } };
    const list = { ...keyed, method: "GET", path: "/ai/items/1" };
    expect(statuses(gateway, [keyed, keyed, list, list])).toEqual(["200", "429 60", "200", "429 60"]);
  });

  it("quota-by-key: calls in a period", () => {
    const gateway = api({ inbound: '<quota-by-key calls="1" renewal-period="3600" counter-key="k" />' });
    expect(statuses(gateway, [{}, {}, { after: 3_600_000 }])).toEqual(["200", "403 3600", "200"]);
    const call = createGateway(gateway);
    call();
    expect(call().body).toMatch(
      /^\{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:59:5\d\." \}$|01:00:00/,
    );
  });

  it("limit-concurrency: at most so many inside at once", () => {
    const gateway = api({
      inbound:
        '<limit-concurrency key="k" max-count="1"><send-request response-variable-name="r"><set-url>https://one.test/</set-url></send-request></limit-concurrency>',
    });
    expect(statuses(gateway, [{}, {}])).toEqual(["200", "200"]);
    const nested = api({
      inbound:
        '<limit-concurrency key="k" max-count="1"><limit-concurrency key="k" max-count="1"><forward-request /></limit-concurrency></limit-concurrency>',
    });
    expect(statuses(nested, [{}, {}])).toEqual(["429", "429"]);
  });

  const usage = (total: number): BackendAnswer => ({
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      usage: { prompt_tokens: 10, completion_tokens: total - 10, total_tokens: total },
    }),
  });

  it("token limit: counts what answers used, and refuses the next (E10)", () => {
    const call = createGateway(
      api({
        inbound:
          '<azure-openai-token-limit counter-key="k" tokens-per-minute="500" estimate-prompt-tokens="false" remaining-tokens-header-name="x-left" tokens-consumed-header-name="x-used" />',
      }),
    );
    const runs = [71, 68, 66, 73, 63, 72, 69, 54].map(
      (tokens) => call({ after: 900 }, [usage(tokens)]).answer,
    );
    expect(runs.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
    expect(runs.map(({ headers }) => headers.get("x-used")?.[0])).toEqual([
      "71",
      "68",
      "66",
      "73",
      "63",
      "72",
      "69",
      "54",
    ]);
    expect(runs.map(({ headers }) => headers.get("x-left")?.[0])).toEqual([
      "429",
      "361",
      "295",
      "222",
      "159",
      "87",
      "18",
      "0",
    ]);
    const refused = [call({ after: 900 }), call({ after: 1000 })];
    expect(refused.map(({ body }) => body)).toEqual([
      '{ "statusCode": 429, "message": "Token limit is exceeded. Try again in 53 seconds." }',
      '{ "statusCode": 429, "message": "Token limit is exceeded. Try again in 52 seconds." }',
    ]);
    expect(refused[0]?.answer.headers.get("Retry-After")).toEqual(["53"]);
  });

  it("token limit: an estimate is refused up front", () => {
    const gateway = api({
      inbound: '<llm-token-limit counter-key="k" tokens-per-minute="100" estimate-prompt-tokens="true" />',
    });
    const body = JSON.stringify({ messages: [{ role: "user", content: "x".repeat(404) }] });
    expect(callGateway(gateway, { body }).answer.status).toBe(429);
  });

  it("token quota: 403 until the period ends", () => {
    const gateway = api({
      inbound:
        '<llm-token-limit counter-key="k" token-quota="50" token-quota-period="Hourly" estimate-prompt-tokens="false" />',
    });
    expect(statuses(gateway, [{}, {}, { after: 3_600_000 }], [usage(60)])).toEqual([
      "200",
      "403 3600",
      "200",
    ]);
  });
});

describe("cors", () => {
  const gateway = api(
    {
      inbound:
        '<cors allow-credentials="true"><allowed-origins><origin>https://app.test</origin></allowed-origins><allowed-methods preflight-result-max-age="300"><method>POST</method></allowed-methods><allowed-headers><header>*</header></allowed-headers><expose-headers><header>x-ms-region</header></expose-headers></cors>',
    },
    { api: { subscriptionRequired: true } },
  );
  const preflight = (origin: string): RequestCase => ({
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "api-key",
    },
  });

  it("answers a preflight request, which has no key", () => {
    const { answer, sent } = callGateway(gateway, preflight("https://app.test"));
    expect([answer.status, sent.length]).toEqual([200, 0]);
    expect(headersOf(answer.headers)).toEqual({
      "Access-Control-Allow-Origin": "https://app.test",
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers": "api-key",
      "Access-Control-Max-Age": "300",
    });
    expect(headersOf(callGateway(gateway, preflight("https://other.test")).answer.headers)).toEqual({});
  });

  it("is no way around the key, nor a method where there is no policy for it", () => {
    expect(
      callGateway({ api: { subscriptionRequired: true } }, preflight("https://app.test")).answer.status,
    ).toBe(404);
    expect(callGateway(gateway, { headers: { Origin: "https://app.test" } }).answer.status).toBe(401);
  });

  it("adds headers to the answer", () => {
    const { answer } = callGateway({ ...gateway, api: {} }, { headers: { Origin: "https://app.test" } });
    expect(headersOf(answer.headers)).toMatchObject({
      "Access-Control-Allow-Origin": "https://app.test",
      "Access-Control-Expose-Headers": "x-ms-region",
    });
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

describe("authentication", () => {
  it.each([
    ["basic", '<authentication-basic username="u" password="p" />', "Basic dTpw"],
    [
      "a managed identity",
      '<authentication-managed-identity resource="https://cognitiveservices.azure.com/" />',
      "Bearer apimgw.local.cognitiveservices.azure.com",
    ],
  ])("%s", (_, xml, expected) => {
    expect(callGateway(api({ inbound: xml })).sent[0]?.headers["Authorization"]).toBe(expected);
  });

  it("puts a token into a variable instead of the header", () => {
    const xml =
      '<authentication-managed-identity resource="https://x.test" output-token-variable-name="t" />';
    expect(callGateway(api({ inbound: xml })).sent[0]?.headers["Authorization"]).toBeUndefined();
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

describe("validate-jwt", () => {
  const secret = Buffer.from("0123456789abcdef0123456789abcdef");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (claims: object, key = secret): string => {
    const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  const exp = Date.UTC(2025, 0, 1, 13) / 1000;
  const xml = `<validate-jwt header-name="Authorization" require-scheme="Bearer">
    <issuer-signing-keys><key>${secret.toString("base64")}</key></issuer-signing-keys>
    <audiences><audience>api</audience></audiences>
    <required-claims><claim name="roles" match="any"><value>reader</value><value>writer</value></claim></required-claims>
  </validate-jwt>`;
  const good = { exp, aud: "api", roles: ["writer"] };

  it.each([
    { name: "a good token", authorization: `Bearer ${token(good)}`, reason: undefined },
    { name: "none", authorization: undefined, reason: "TokenNotPresent" },
    { name: "another scheme", authorization: `Basic ${token(good)}`, reason: "TokenNotPresent" },
    { name: "no token", authorization: "Bearer text", reason: "JwtInvalid" },
    {
      name: "another key",
      authorization: `Bearer ${token(good, Buffer.from("x"))}`,
      reason: "TokenSignatureInvalid",
    },
    {
      name: "an old one",
      authorization: `Bearer ${token({ ...good, exp: exp - 3600 })}`,
      reason: "TokenExpired",
    },
    {
      name: "one without expiry",
      authorization: `Bearer ${token({ aud: "api" })}`,
      reason: "TokenClaimNotFound",
    },
    {
      name: "another audience",
      authorization: `Bearer ${token({ ...good, aud: ["a", "b"] })}`,
      reason: "TokenAudienceNotAllowed",
    },
    {
      name: "a claim that is missing",
      authorization: `Bearer ${token({ exp, aud: "api" })}`,
      reason: "TokenClaimNotFound",
    },
    {
      name: "a claim with other values",
      authorization: `Bearer ${token({ ...good, roles: ["guest"] })}`,
      reason: "TokenClaimValueNotAllowed",
    },
  ])("$name: $reason", ({ authorization, reason }) => {
    const headers: Record<string, string> =
      authorization === undefined ? {} : { Authorization: authorization };
    const { answer } = callGateway(api({ inbound: xml }), { headers });
    expect([answer.status, answer.error?.reason]).toEqual([reason === undefined ? 200 : 401, reason]);
  });

  it("validate-azure-ad-token: tenant and application", () => {
    const inbound =
      '<validate-azure-ad-token tenant-id="t"><client-application-ids><application-id>app</application-id></client-application-ids></validate-azure-ad-token>';
    const statusOf = (claims: object) =>
      callGateway(api({ inbound }), { headers: { Authorization: `Bearer ${token(claims)}` } }).answer.status;
    expect(
      [
        { exp, tid: "t", appid: "app" },
        { exp, tid: "u", appid: "app" },
        { exp, tid: "t", azp: "other" },
      ].map(statusOf),
    ).toEqual([200, 401, 401]);
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
