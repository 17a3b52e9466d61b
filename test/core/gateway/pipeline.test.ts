/** Scopes, sections, errors and answers of the gateway itself; see docs/gateway.md for where each fact is from. */
import { describe, expect, it } from "vitest";
import { callGateway, headersOf, policyXml } from "./call-gateway.ts";
import type { GatewayCase } from "./call-gateway.ts";

const mark = (name: string): string =>
  `<set-header name="x-order" exists-action="append"><value>${name}</value></set-header>`;
const forward = "<forward-request />";

describe("effective policy", () => {
  const scopes = {
    "": policyXml({ inbound: mark("global"), backend: forward, outbound: mark("global-out") }),
    "apis/ai": policyXml({ inbound: `<base />${mark("api")}`, outbound: `<base />${mark("api-out")}` }),
    "apis/ai/operations/chat": policyXml({
      inbound: `${mark("op")}<base />${mark("op-after")}`,
      outbound: `${mark("op-out")}<base />`,
    }),
  };

  it("puts the broader scope where <base /> stands", () => {
    const { sent, answer } = callGateway({ policies: scopes });
    expect(sent[0]?.headers["x-order"]).toBe("op,global,api,op-after");
    expect(answer.headers.get("x-order")).toEqual(["op-out", "global-out", "api-out"]);
  });

  it("inherits an absent section, and nothing into one that is there", () => {
    const inherited = callGateway({ policies: { "": scopes[""], "apis/ai": policyXml({}) } });
    expect(inherited.sent[0]?.headers["x-order"]).toBe("global");
    const cut = callGateway({
      policies: { "": scopes[""], "apis/ai": policyXml({ inbound: "", backend: "<base />" }) },
    });
    expect(cut.sent[0]?.headers["x-order"]).toBeUndefined();
  });

  it("answers 200 and empty when the backend section forwards nothing", () => {
    const { answer, sent, body } = callGateway({ policies: { "apis/ai": policyXml({ backend: "" }) } });
    expect([answer.status, sent.length, body]).toEqual([200, 0, ""]);
  });

  it("runs a product's policies for calls in its context only", () => {
    const gateway: GatewayCase = {
      policies: {
        "products/team": policyXml({ inbound: `<base />${mark("product")}` }),
        "apis/ai": policyXml({ inbound: `<base />${mark("api")}` }),
      },
      products: { team: { displayName: "Team" } },
      api: { subscriptionRequired: true },
      subscriptions: [
        {
          id: "s",
          name: "s",
          keys: ["team-key", ""],
          scope: { kind: "product", product: "team" },
          isActive: true,
        },
        { id: "all", name: "all", keys: ["all-key", ""], scope: { kind: "all" }, isActive: true },
      ],
    };
    const call = (key: string) =>
      callGateway(gateway, { headers: { "Ocp-Apim-Subscription-Key": key } }).sent[0]?.headers["x-order"];
    expect(call("team-key")).toBe("product,api");
    expect(call("all-key")).toBe("api");
  });

  it("inlines fragments, and replaces named values as text", () => {
    const { sent } = callGateway({
      policies: { "apis/ai": policyXml({ inbound: '<include-fragment fragment-id="Mark" />' }) },
      fragments: { mark: `<fragment>${mark("{{who}}")}</fragment>` },
      namedValues: { who: "somebody" },
    });
    expect(sent[0]?.headers["x-order"]).toBe("somebody");
  });

  it("takes a named value for markup when it is", () => {
    const { sent } = callGateway({
      policies: {
        "apis/ai": policyXml({ inbound: '<set-header name="x-order"><value>{{xml}}</value></set-header>' }),
      },
      namedValues: { xml: `a</value><value>b` },
    });
    expect(sent[0]?.headers["x-order"]).toBe("a,b");
  });
});

describe("the gateway's own errors", () => {
  const keyed: GatewayCase = {
    api: { subscriptionRequired: true, subscriptionKeyParameterNames: { header: "api-key", query: "key" } },
    subscriptions: [
      { id: "s", name: "s", keys: ["good", "second"], scope: { kind: "api", api: "ai" }, isActive: true },
      { id: "old", name: "old", keys: ["old", ""], scope: { kind: "all" }, isActive: false },
      {
        id: "other",
        name: "other",
        keys: ["other", ""],
        scope: { kind: "api", api: "another" },
        isActive: true,
      },
    ],
  };
  const missing =
    '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }';
  const invalid =
    '{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }';
  const notFound = '{ "statusCode": 404, "message": "Resource not found" }';

  it.each([
    { name: "no API", gateway: {}, request: { path: "/other/chat" }, status: 404, body: notFound },
    { name: "no operation", gateway: {}, request: { path: "/ai/none" }, status: 404, body: notFound },
    { name: "another method", gateway: {}, request: { method: "GET" }, status: 404, body: notFound },
    { name: "no key", gateway: keyed, request: {}, status: 401, body: missing },
    {
      name: "a wrong key",
      gateway: keyed,
      request: { headers: { "api-key": "bad" } },
      status: 401,
      body: invalid,
    },
    {
      name: "a key of an inactive subscription",
      gateway: keyed,
      request: { headers: { "api-key": "old" } },
      status: 401,
      body: invalid,
    },
    {
      name: "a key for another API",
      gateway: keyed,
      request: { headers: { "api-key": "other" } },
      status: 401,
      body: invalid,
    },
    {
      name: "a wrong key in the header, a good one in the query",
      gateway: keyed,
      request: { headers: { "api-key": "bad" }, path: "/ai/chat?key=good" },
      status: 401,
      body: invalid,
    },
  ])("$name", ({ gateway, request, status, body }) => {
    const run = callGateway(gateway, request);
    expect(run.answer.status).toBe(status);
    expect(run.body).toBe(body);
    expect(run.sent).toEqual([]);
    expect(run.answer.headers.get("Content-Type")).toEqual(["application/json"]);
  });

  it.each([
    { name: "in the header", request: { headers: { "api-key": "good" } } },
    { name: "the second key", request: { headers: { "API-Key": "second" } } },
    { name: "in the query", request: { path: "/ai/chat?key=good" } },
  ])("a good key $name is let in, and forwarded", ({ request }) => {
    const run = callGateway(keyed, request);
    expect(run.answer.status).toBe(200);
    expect(JSON.stringify(run.sent[0])).toMatch(/good|second/);
  });

  it("a wrong key is refused where none is needed", () => {
    expect(callGateway({}, { headers: { "Ocp-Apim-Subscription-Key": "bad" } }).answer.status).toBe(401);
  });

  it("an open product lets calls without a key in", () => {
    const gateway = { ...keyed, products: { open: { subscriptionRequired: false } } };
    expect(callGateway(gateway).answer.status).toBe(200);
  });

  it("a backend that cannot be reached is 500, with the id of the request", () => {
    const run = callGateway({}, {}, [{ fails: true }]);
    expect(run.body).toBe(
      '{ "statusCode": 500, "message": "Internal server error", "activityId": "guid-1" }',
    );
    expect(run.answer.error).toMatchObject({
      source: "forward-request",
      reason: "BackendConnectionFailure",
      scope: "global",
      section: "backend",
      path: "forward-request[1]",
    });
  });

  it("a timeout is 500 after the time", () => {
    const gateway = { policies: { "apis/ai": policyXml({ backend: '<forward-request timeout="2" />' }) } };
    const run = callGateway(gateway, {}, [{ milliseconds: 5000 }]);
    expect([run.answer.status, run.milliseconds, run.answer.error?.reason]).toEqual([500, 2000, "Timeout"]);
  });

  it("runs on-error with the default answer in place, and no outbound", () => {
    const gateway = {
      policies: {
        "apis/ai": policyXml({
          outbound: mark("outbound"),
          "on-error": `${mark("on-error")}<set-status code="418" reason="Teapot" />`,
        }),
      },
    };
    const { answer, body } = callGateway(gateway, {}, [{ fails: true }]);
    expect([answer.status, answer.reason, headersOf(answer.headers)["x-order"]]).toEqual([
      418,
      "Teapot",
      "on-error",
    ]);
    expect(body).toContain("Internal server error");
  });

  it("a status of the backend's is no error", () => {
    const gateway = {
      policies: { "apis/ai": policyXml({ outbound: mark("outbound"), "on-error": mark("on-error") }) },
    };
    const { answer } = callGateway(gateway, {}, [{ status: 500, body: "broken" }]);
    expect([answer.status, answer.headers.get("x-order")]).toEqual([500, ["outbound"]]);
  });

  it("a status of the backend's is one with fail-on-error-status-code", () => {
    const gateway = {
      policies: {
        "apis/ai": policyXml({
          backend: '<forward-request fail-on-error-status-code="true" />',
          "on-error": mark("on-error"),
        }),
      },
    };
    const { answer } = callGateway(gateway, {}, [{ status: 503 }]);
    expect([answer.status, answer.headers.get("x-order")]).toEqual([503, ["on-error"]]);
  });

  it("stops at a policy that it cannot run, naming it, or passes over it", () => {
    const policies = { "apis/ai": policyXml({ inbound: "<invoke-dapr-binding name='x' />" }) };
    const stopped = callGateway({ policies });
    expect(stopped.answer.status).toBe(501);
    expect(stopped.answer.refusal).toContain("<invoke-dapr-binding>");
    expect(callGateway({ policies, options: { skipsUnsupported: true } }).answer.status).toBe(200);
  });
});

describe("return-response", () => {
  it("ends everything, and starts from nothing", () => {
    const gateway = {
      policies: {
        "apis/ai": policyXml({
          outbound: `<return-response><set-status code="202" /><set-body>done</set-body></return-response>${mark("after")}`,
        }),
      },
    };
    const { answer, body } = callGateway(gateway, {}, [{ headers: { "x-backend": "1" } }]);
    expect([answer.status, answer.reason, body, headersOf(answer.headers)]).toEqual([
      202,
      "Accepted",
      "done",
      {},
    ]);
  });

  it("in inbound: no backend, no outbound", () => {
    const gateway = {
      policies: { "apis/ai": policyXml({ inbound: "<return-response />", outbound: mark("out") }) },
    };
    const { answer, sent } = callGateway(gateway);
    expect([answer.status, sent.length, headersOf(answer.headers)]).toEqual([200, 0, {}]);
  });
});
