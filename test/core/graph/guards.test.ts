/** Limits, checks and callers: what is said of them, and on which node. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { gatewayGraph } from "../../../src/core/graph/gateway-graph.ts";
import type { Graph } from "../../../src/core/graph/graph.ts";
import { Failure } from "../../../src/core/failure.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { gatewayResources, policyXml } from "../gateway/call-gateway.ts";
import type { GatewayCase } from "../gateway/call-gateway.ts";
import { drawCase, nodeLines, routeLines } from "./graph-lines.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const backends = { a: { url: "https://a.test" } };
const toA = '<set-backend-service backend-id="a" />';

function linesOf(graph: Graph, kind: string): readonly string[] {
  return graph.nodes.filter((node) => node.kind === kind).flatMap(({ lines }) => lines);
}

const guards: readonly (readonly [policy: string, ...lines: string[]])[] = [
  [
    '<llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="20000" token-quota="1000000" token-quota-period="Monthly" estimate-prompt-tokens="false" />',
    "20,000 tokens/min per subscription",
    "quota: 1,000,000 tokens/month per subscription",
  ],
  [
    '<azure-openai-token-limit counter-key="@(context.Request.IpAddress)" tokens-per-minute="500" estimate-prompt-tokens="true" />',
    "500 tokens/min per IP address",
  ],
  ['<rate-limit calls="20" renewal-period="90" />', "20 calls in 90s per subscription"],
  [
    '<rate-limit calls="20" renewal-period="60"><api name="ai" calls="10" renewal-period="60"><operation name="chat" calls="5" renewal-period="60" /><operation name="list" calls="4" renewal-period="60" /></api><api name="other" calls="9" renewal-period="60" /></rate-limit>',
    "20 calls/min per subscription",
    "10 calls/min per subscription in ai",
    "5 calls/min per subscription, chat in ai",
  ],
  [
    '<rate-limit-by-key calls="1000" renewal-period="3600" counter-key="@(context.User?.Id + context.Product.Id)" />',
    "1,000 calls/h per product and user",
  ],
  [
    '<rate-limit-by-key calls="@(5)" renewal-period="@(60)" counter-key="all" />',
    "a computed number of calls in a period of an expression for all together",
  ],
  [
    '<rate-limit-by-key calls="7" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault("x-app", ""))" />',
    "7 calls/min per header x-app",
  ],
  [
    '<quota calls="10000" bandwidth="40000" renewal-period="604800" />',
    "quota: 10,000 calls and 40,000 kB/week per subscription",
  ],
  [
    '<quota-by-key calls="3" renewal-period="0" counter-key="@(context.Subscription.Id)" />',
    "quota: 3 calls in all per subscription",
  ],
  [
    '<limit-concurrency key="@(context.Subscription.Id)" max-count="4"></limit-concurrency>',
    "4 at once per subscription",
  ],
  [
    '<validate-azure-ad-token tenant-id="{{tenant}}"><client-application-ids><application-id>x</application-id><application-id>y</application-id></client-application-ids><required-claims><claim name="roles" match="any"><value>chat</value><value>admin</value></claim></required-claims></validate-azure-ad-token>',
    "Entra ID token of 2 applications, tenant contoso",
    "claim roles: chat, admin",
  ],
  [
    '<validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /></validate-jwt>',
    "JWT of login.test",
  ],
  [
    '<ip-filter action="allow"><address>1.2.3.4</address><address-range from="1.0.0.0" to="1.0.0.9" /></ip-filter>',
    "only from 2 addresses or ranges",
  ],
  [
    '<check-header name="x-key" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true"><value>{{secret}}</value></check-header>',
    "header x-key is checked",
  ],
  [
    '<choose><when condition="@(context.Request.Headers.ContainsKey("x"))"><rate-limit-by-key calls="1" renewal-period="1" counter-key="@(context.Subscription.Id)" /></when></choose>',
    "1 calls/s per subscription if Request.Headers.ContainsKey(x)",
  ],
  [
    '<choose><when condition="@(context.Operation.Id == "list")"><rate-limit calls="1" renewal-period="1" /></when></choose>',
  ],
];

describe("what stands before a backend", () => {
  it.each(guards)("%s", (policy, ...lines) => {
    const graph = drawCase({
      backends,
      operations: { chat: "POST /chat" },
      namedValues: { tenant: "contoso" },
      policies: { "apis/ai/operations/chat": policyXml({ inbound: toA + policy }) },
    });
    expect([...linesOf(graph, "api").slice(2), ...linesOf(graph, "operation")].sort()).toEqual(
      [...lines].sort(),
    );
  });
});

const limit = (calls: number) => `<rate-limit calls="${calls}" renewal-period="60" />`;

describe("where it is said", () => {
  const operations = { chat: "POST /chat", list: "GET /list" };
  const both = (inbound: string) => ({
    "apis/ai/operations/chat": policyXml({ inbound: `<base />${inbound}` }),
    "apis/ai/operations/list": policyXml({ inbound: `<base />${toA}` }),
  });

  it("a limit of the API's document on the API, one of an operation's on the operation", () => {
    const policies = { "apis/ai": policyXml({ inbound: limit(9) }), ...both(toA + limit(5)) };
    const graph = drawCase({ backends, operations, policies });
    expect(nodeLines(graph)).toEqual([
      "caller Callers | no subscription key needed",
      "api ai | /ai | no subscription key | 9 calls/min per subscription",
      "operation chat | 5 calls/min per subscription",
      "operation list",
      "backend a | a.test",
    ]);
  });

  it("equal counters of two operations on each, equal checks once on the API", () => {
    const check = '<ip-filter action="forbid"><address>1.2.3.4</address></ip-filter>';
    const policies = {
      "apis/ai/operations/chat": policyXml({ inbound: toA + check + limit(5) }),
      "apis/ai/operations/list": policyXml({ inbound: toA + check + limit(5) }),
    };
    expect(nodeLines(drawCase({ backends, operations, policies }))).toEqual([
      "caller Callers | no subscription key needed",
      "api ai | /ai | no subscription key | not from one address or range",
      "operation chat, list | 5 calls/min per subscription",
      "backend a | a.test",
    ]);
  });

  it("what is cut off where an operation inherits nothing", () => {
    const policies = {
      "apis/ai": policyXml({ inbound: limit(9) }),
      "apis/ai/operations/chat": policyXml({ inbound: toA }),
      "apis/ai/operations/list": policyXml({ inbound: `<base />${toA}` }),
    };
    const lines = nodeLines(drawCase({ backends, operations, policies }));
    expect(lines).toContain("operation chat");
    expect(lines).toContain("operation list | 9 calls/min per subscription");
  });

  const products = {
    gold: { displayName: "Gold", approvalRequired: true },
    free: { displayName: "Free", subscriptionRequired: false, state: "notPublished" },
  };

  it("a product's limits on the product, and what it alone may call", () => {
    const graph = drawCase({
      backends: { ...backends, b: { url: "https://b.test" } },
      operations: { chat: "POST /chat" },
      api: { subscriptionRequired: true },
      products,
      policies: {
        "products/gold": policyXml({ inbound: `<base />${limit(100)}` }),
        "products/free": policyXml({ inbound: `<base />${limit(2)}` }),
        "apis/ai/operations/chat": policyXml({
          inbound: `<base /><choose><when condition="@(context.Product?.Id == "gold")"><set-backend-service backend-id="b" /></when><otherwise>${toA}</otherwise></choose>`,
        }),
      },
    });
    expect(nodeLines(graph).slice(0, 2)).toEqual([
      "caller Free | product, no key needed | not published | 2 calls/min per subscription",
      "caller Gold | product, with a subscription key | subscriptions need approval | 100 calls/min per subscription",
    ]);
    expect(routeLines(graph)).toEqual(["chat -> a: if Free", "chat -> b: if Gold"]);
  });

  it("a limit of some products between them and the API", () => {
    const graph = drawCase({
      backends,
      operations: { chat: "POST /chat" },
      products,
      policies: {
        "apis/ai": policyXml({
          inbound: `<choose><when condition="@(context.Product.Id == "free")">${limit(3)}</when></choose>${toA}`,
        }),
      },
    });
    const labels = graph.edges
      .filter(({ kind }) => kind === "call")
      .map(({ from, label }) => [from, ...label]);
    expect(labels).toContainEqual(["caller_free", "3 calls/min per subscription"]);
    expect(labels).toContainEqual(["caller_gold"]);
  });
});

describe("backends and pools", () => {
  it("have breakers, priorities and weights", () => {
    const member = (id: string, more: object = {}) => ({ id: `/backends/${id}`, ...more });
    const rule = {
      failureCondition: {
        count: 3,
        interval: "PT5M",
        statusCodeRanges: [
          { min: 429, max: 429 },
          { min: 500, max: 599 },
        ],
        errorReasons: ["Timeout"],
      },
      tripDuration: "PT1M",
      acceptRetryAfter: true,
    };
    const graph = drawCase({
      backends: {
        a: { url: "https://a.test", title: "First", circuitBreaker: { rules: [rule] } },
        b: { url: "http://b.test/x" },
        c: { url: "https://c.test" },
        pool: {
          pool: {
            services: [
              member("c", { priority: 2, weight: 3 }),
              member("b", { priority: 2, weight: 1 }),
              member("a", { priority: 1 }),
              member("gone", { priority: 3 }),
            ],
          },
        },
      },
      operations: { chat: "POST /chat" },
      policies: { "apis/ai": policyXml({ inbound: '<set-backend-service backend-id="pool" />' }) },
    });
    expect(nodeLines(graph).slice(3)).toEqual([
      "pool pool | pool, by priority",
      "backend a | First | a.test | breaker: 3 × 429, 500-599, Timeout in 5m | then open for 1m or Retry-After",
      "backend b | http://b.test/x",
      "backend c | c.test",
      "backend gone | on the service, not in this spec",
    ]);
    expect(
      graph.edges.filter(({ kind }) => kind === "member").map(({ to, label }) => [to, ...label]),
    ).toEqual([
      ["backend_a", "priority 1"],
      ["backend_b", "priority 2", "weight 1"],
      ["backend_c", "priority 2", "weight 3"],
      ["backend_gone", "priority 3"],
    ]);
  });
});

describe("a part of the gateway", () => {
  const gateway: GatewayCase = {
    backends,
    operations: { chat: "POST /chat", list: "GET /list" },
    policies: {
      "apis/ai": policyXml({ inbound: `${limit(9)}${toA}` }),
      "apis/ai/operations/chat": policyXml({ inbound: `<base />${limit(5)}` }),
    },
  };

  it.each([["list"], ["ai/LIST"]])("one operation, by %s", (name) => {
    expect(nodeLines(drawCase(gateway, { operations: [name] }))).toEqual([
      "caller Callers | no subscription key needed",
      "api ai | /ai | no subscription key | 9 calls/min per subscription",
      "operation list",
      "backend a | a.test",
    ]);
  });

  it.each([
    [{ operations: ["lst"] }, "USAGE.OPERATION", "did you mean `list`?"],
    [{ operations: ["ai/other-thing"] }, "USAGE.OPERATION", "name one of ai/chat, ai/list"],
    [{ apis: ["nothing"] }, "USAGE.API", "name one of ai"],
  ])("refuses %j", (options, code, remedy) => {
    expect(failureOf(() => drawCase(gateway, options))).toMatchObject({ code, remedy });
  });

  it("refuses a spec without APIs", () => {
    const model = { owner: "x", service: { name: "y" }, resources: [] };
    const options = { apis: [], operations: [], namesAll: false, environment: undefined };
    expect(failureOf(() => gatewayGraph(model, options))).toMatchObject({ code: "GRAPH.EMPTY" });
  });
});

it("draws an API that is on the service with what is known of it", () => {
  const resources = gatewayResources({
    backends,
    policies: {
      "apis/old": policyXml({ inbound: "<return-response />" }),
      "apis/old/operations/chat": policyXml({ inbound: toA }),
    },
  }).filter(({ kind }) => kind !== "api");
  const model = { owner: "x", service: { name: "y" }, resources };
  const graph = gatewayGraph(model, {
    apis: [],
    operations: [],
    namesAll: false,
    environment: undefined,
  });
  expect(nodeLines(graph).slice(2)).toEqual([
    "operation all other operations | answers 200",
    "operation chat",
    "backend a | a.test",
  ]);
});

it("shows no secret", () => {
  const resources = gatewayResources({
    backends,
    operations: { chat: "POST /chat" },
    policies: {
      "apis/ai": policyXml({
        inbound: `<choose><when condition="@(context.Request.Headers.GetValueOrDefault("k", "") == "{{key}}")"><set-backend-service base-url="https://{{key}}.test" /></when></choose>`,
      }),
    },
  });
  const secret = {
    kind: "namedValue" as const,
    id: "key",
    path: "namedValues/key",
    body: { properties: { displayName: "key", value: "hunter2", secret: true } },
  };
  const graph = gatewayGraph(
    { owner: "x", service: { name: "y" }, resources: [...resources, secret] },
    { apis: [], operations: [], namesAll: true, environment: undefined },
  );
  expect(JSON.stringify(graph)).not.toContain("hunter2");
  expect(routeLines(graph)).toEqual([
    "chat -> chosen by an expression: if header k = {{key}}",
    "chat -> own.test/base: otherwise",
  ]);
});

function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
