/** Where a request goes: addresses, credentials, pools. */
import { describe, expect, it } from "vitest";
import { callGateway, createGateway, policyXml } from "./call-gateway.ts";
import type { GatewayCase } from "./call-gateway.ts";

describe("addresses", () => {
  const backends = { one: { url: "https://one.test/openai/" }, two: { url: "https://two.test/openai" } };
  const inbound = (xml: string, path = "/ai/chat?api-version=1") =>
    callGateway({ backends, policies: { "apis/ai": policyXml({ inbound: xml }) } }, { path }).sent[0]?.url;

  it.each([
    ["the API's own URL, the query kept", "", "https://own.test/base/chat?api-version=1"],
    ["a backend", '<set-backend-service backend-id="one" />', "https://one.test/openai/chat?api-version=1"],
    [
      "a URL",
      '<set-backend-service base-url="http://three.test:8080/x/" />',
      "http://three.test:8080/x/chat?api-version=1",
    ],
    [
      "the last one wins",
      '<set-backend-service backend-id="one" /><set-backend-service backend-id="two" />',
      "https://two.test/openai/chat?api-version=1",
    ],
    [
      "rewritten",
      '<rewrite-uri template="/v2/talk?mode=fast" />',
      "https://own.test/base/v2/talk?mode=fast&api-version=1",
    ],
    [
      "rewritten, nothing copied",
      '<rewrite-uri template="/v2" copy-unmatched-params="false" />',
      "https://own.test/base/v2",
    ],
    [
      "a parameter set",
      '<set-query-parameter name="api-version" exists-action="override"><value>2</value></set-query-parameter>',
      "https://own.test/base/chat?api-version=2",
    ],
    [
      "a parameter left",
      '<set-query-parameter name="API-version" exists-action="skip"><value>2</value></set-query-parameter>',
      "https://own.test/base/chat?api-version=1",
    ],
  ])("%s", (_, xml, url) => {
    expect(inbound(xml)).toBe(url);
  });

  it("drops what the operation's template names, unless the new one uses it", () => {
    const run = callGateway(
      {
        operations: { get: "POST /get?a={b}" },
        policies: { "apis/ai": policyXml({ inbound: '<rewrite-uri template="/put" />' }) },
      },
      { path: "/ai/get?a=b&c=d" },
    );
    expect(run.sent[0]?.url).toBe("https://own.test/base/put?c=d");
  });

  it("does not let base-url override a backend-id that was inherited", () => {
    const run = callGateway({
      backends,
      policies: {
        "apis/ai": policyXml({ inbound: '<set-backend-service backend-id="one" />' }),
        "apis/ai/operations/chat": policyXml({
          inbound: '<base /><set-backend-service base-url="https://three.test" />',
        }),
      },
    });
    expect(run.sent[0]?.url).toBe("https://one.test/openai/chat");
  });

  it("adds a backend's credentials", () => {
    const run = callGateway({
      backends: {
        one: {
          url: "https://one.test",
          credentials: {
            header: { "x-key": ["k"] },
            query: { code: ["c"] },
            managedIdentity: { resource: "https://cognitiveservices.azure.com" },
          },
        },
      },
      policies: { "apis/ai": policyXml({ inbound: '<set-backend-service backend-id="one" />' }) },
    });
    expect(run.sent[0]?.url).toBe("https://one.test/chat?code=c");
    expect(run.sent[0]?.headers).toMatchObject({
      "x-key": "k",
      Authorization: expect.stringContaining("Bearer ") as unknown,
    });
  });
});

describe("pools", () => {
  const breaker = {
    rules: [
      {
        failureCondition: { count: 1, interval: "PT5M", statusCodeRanges: [{ min: 429, max: 429 }] },
        tripDuration: "PT1M",
        acceptRetryAfter: true,
      },
    ],
  };
  const gateway = (pool: object): GatewayCase => ({
    backends: {
      one: { url: "https://one.test", circuitBreaker: breaker },
      two: { url: "https://two.test", circuitBreaker: breaker },
      pool: {
        pool: {
          services: [
            { id: "/x/backends/one", priority: 1 },
            { id: "/x/backends/two", priority: 2 },
          ],
          ...pool,
        },
      },
    },
    policies: { "apis/ai": policyXml({ inbound: '<set-backend-service backend-id="pool" />' }) },
  });

  it("uses a lower priority only while all above are open, and says why", () => {
    const call = createGateway(gateway({}));
    const answers = [{ status: 429, headers: { "Retry-After": "6" } }];
    expect(call({}, answers).answer.attempts.map(({ backend, trip }) => [backend, trip])).toEqual([
      ["one", "opens until 12:00:06.100: failure 1 in the interval (429), open for Retry-After: 6"],
    ]);
    expect(call({}).answer.attempts[0]?.why).toBe("two: priority 2, since one is open until 12:00:06.100");
  });

  it("answers 503 with Retry-After when nothing is left", () => {
    const call = createGateway(gateway({}));
    call({}, [{ status: 429, headers: { "Retry-After": "30" } }]);
    call({}, [{ status: 429 }]);
    const { answer, sent } = call({});
    expect([answer.status, sent.length, answer.headers.get("Retry-After"), answer.answeredBy]).toEqual([
      503,
      0,
      ["30"],
      null,
    ]);
  });

  it("keeps breakers for each instance", () => {
    const call = createGateway({ ...gateway({}), instances: 2 });
    const backends = [0, 1, 2, 3].map(() => call({}, [{ status: 429 }]).answer.attempts[0]?.backend);
    expect(backends).toEqual(["one", "one", "two", "two"]);
  });

  it("keeps a session on its member, by a cookie", () => {
    const services = [{ id: "/x/backends/one" }, { id: "/x/backends/two" }];
    const call = createGateway(
      gateway({ services, sessionAffinity: { sessionId: { source: "Cookie", name: "SessionId" } } }),
    );
    const first = call({}).answer;
    expect(first.headers.get("Set-Cookie")).toEqual(["SessionId=one; Path=/; HttpOnly"]);
    const again = call({ headers: { Cookie: "a=b; SessionId=one" } }).answer;
    expect([again.answeredBy, again.headers.get("Set-Cookie")]).toEqual(["one", undefined]);
  });
});
