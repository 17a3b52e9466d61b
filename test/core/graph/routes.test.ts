/** Where calls go, read from policies as people write them. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import type { GatewayCase } from "../gateway/call-gateway.ts";
import { policyXml } from "../gateway/call-gateway.ts";
import { drawCase, nodeLines, routeLines } from "./graph-lines.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const backends = { a: { url: "https://a.test" }, b: { url: "https://b.test" }, c: { url: "https://c.test" } };
const to = (id: string) => `<set-backend-service backend-id="${id}" />`;
const when = (condition: string, inside: string) => `<when condition="@(${condition})">${inside}</when>`;
const retry = (condition: string, count: number | string, inside: string, more = "") =>
  `<retry condition="@(${condition})" count="${count}" interval="0" ${more}>${inside}</retry>`;
const send = '<forward-request buffer-request-body="true" />';
const status = "context.Response.StatusCode";
const model = 'context.Request.MatchedParameters["model"]';

type RouteCase = {
  readonly name: string;
  readonly inbound?: string;
  readonly backend?: string;
  readonly more?: Partial<GatewayCase>;
  readonly routes: readonly string[];
};

const cases: readonly RouteCase[] = [
  { name: "the API's own service URL", routes: ["chat -> own.test/base"] },
  { name: "a backend", inbound: to("a"), routes: ["chat -> a"] },
  { name: "the last of several backends", inbound: to("a") + to("B"), routes: ["chat -> b"] },
  { name: "a backend that is on the service only", inbound: to("other"), routes: ["chat -> other"] },
  {
    name: "a URL",
    inbound: '<set-backend-service base-url="https://x.test/y/" />',
    routes: ["chat -> x.test/y"],
  },
  {
    name: "a backend of a broader scope, which a URL does not override",
    inbound: '<base /><set-backend-service base-url="https://x.test" />',
    more: { policies: { "apis/ai": policyXml({ inbound: to("a"), backend: "<base />" }) } },
    routes: ["chat -> a"],
  },
  {
    name: "what a condition on the operation decides",
    inbound: `<choose>${when('context.Operation.Id == "chat"', to("a"))}<otherwise>${to("b")}</otherwise></choose>`,
    routes: ["chat -> a"],
  },
  {
    name: "what is not known beforehand, with its conditions",
    inbound: `<choose>${when(`${model} == "gpt-4o"`, to("a"))}${when(`${model}.StartsWith("o1")`, to("b"))}<otherwise>${to("c")}</otherwise></choose>`,
    routes: ["chat -> a: if model = gpt-4o", "chat -> b: if model = o1*", "chat -> c: otherwise"],
  },
  {
    name: "one backend, whichever way leads there",
    inbound: `<choose>${when(`${model} == "x"`, to("a"))}<otherwise>${to("a")}</otherwise></choose>`,
    routes: ["chat -> a"],
  },
  {
    name: "two of three ways to one backend",
    inbound: `<choose>${when(`${model} == "x"`, to("a"))}${when(`${model} == "y"`, to("a"))}<otherwise>${to("b")}</otherwise></choose>`,
    routes: ["chat -> a: if model = x or model = y", "chat -> b: otherwise"],
  },
  {
    name: "a condition that changes nothing of the route",
    inbound: `${to("a")}<choose>${when(`${model} == "x"`, '<set-header name="h" exists-action="override"><value>v</value></set-header>')}</choose>`,
    routes: ["chat -> a"],
  },
  {
    name: "the only condition that is not refused, but not what is left behind refusals",
    inbound: `<choose>${when('context.Request.Headers.ContainsKey("no")', "<return-response />")}</choose><choose>${when(`${model} == "x"`, to("a"))}<otherwise><return-response /></otherwise></choose>`,
    routes: ["chat -> a: if model = x"],
  },
  {
    name: "a variable that a condition has set",
    inbound: `<choose>${when(`${model} == "x"`, '<set-variable name="id" value="a" />')}<otherwise><set-variable name="id" value="b" /></otherwise></choose><set-backend-service backend-id="@((string)context.Variables["id"])" />`,
    routes: ["chat -> a: if model = x", "chat -> b: otherwise"],
  },
  {
    name: "the same question asked twice, by its text and by the variable that it tells",
    inbound: `<set-variable name="m" value="@(${model})" /><choose>${when('context.Variables.GetValueOrDefault<string>("m", "") == "x"', to("a"))}${when('context.Variables.GetValueOrDefault<string>("m", "").StartsWith("y")', to("b"))}<otherwise><return-response /></otherwise></choose>`,
    backend: `<choose>${when('context.Variables.GetValueOrDefault<string>("m", "") == "x"', retry(`${status} == 429`, 1, `<choose>${when(`${status} == 429`, to("c"))}</choose>${send}`))}${when('context.Variables.GetValueOrDefault<string>("m", "").StartsWith("y")', '<forward-request timeout="9" />')}</choose>`,
    routes: [
      "chat -> a: if m = x; 1st",
      "chat -> b: if m = y*; timeout 9s",
      "chat ~> c: if m = x; on 429, 2nd",
    ],
  },
  {
    name: "variables that differ and do not matter",
    inbound: `${to("a")}<choose>${when(`${model} == "x"`, '<set-variable name="v" value="1" />')}</choose>`,
    routes: ["chat -> a"],
  },
  {
    name: "an expression that names backends",
    inbound: '<set-backend-service backend-id="@(context.Request.IpAddress == "1.2.3.4" ? "a" : "B")" />',
    routes: ["chat -> a: as an expression says", "chat -> b: as an expression says"],
  },
  {
    name: "an expression that names none",
    inbound: '<set-backend-service base-url="@(context.Request.Headers.GetValueOrDefault("x", ""))" />',
    routes: ["chat -> chosen by an expression"],
  },
  {
    name: "a named value that holds the backend",
    inbound: '<set-backend-service backend-id="{{main}}" />',
    more: { namedValues: { main: "a" } },
    routes: ["chat -> a"],
  },
  {
    name: "retries",
    inbound: to("a"),
    backend: retry(`${status} == 429 || ${status} >= 500`, 3, send, 'first-fast-retry="true"'),
    routes: ["chat -> a: up to 3 retries on 429, 500-599"],
  },
  {
    name: "a retry with a wait and a timeout",
    inbound: to("a"),
    backend:
      '<retry condition="@(context.Response.StatusCode == 429)" count="1" interval="10"><forward-request timeout="90" /></retry>',
    routes: ["chat -> a: 1 retry on 429, every 10s; timeout 90s"],
  },
  {
    name: "a switch on the answer",
    inbound: to("a"),
    backend: retry(`${status} == 429`, 1, `<choose>${when(`${status} == 429`, to("b"))}</choose>${send}`),
    routes: ["chat -> a: 1st", "chat ~> b: on 429, 2nd"],
  },
  {
    name: "other backends for other answers",
    inbound: to("a"),
    backend: retry(
      `${status} != 200`,
      1,
      `<choose>${when(`${status} == 429`, to("b"))}${when(`${status} >= 500`, to("c"))}</choose>${send}`,
    ),
    routes: [
      "chat -> a: 1st; 1 retry on all but 200, 429, 500-599",
      "chat ~> b: on 429, 2nd",
      "chat ~> c: on 500-599, 2nd",
    ],
  },
  {
    name: "a chain that counts its passes",
    inbound: to("a"),
    backend: retry(
      `${status} == 429`,
      2,
      `<set-variable name="pass" value="@(context.Variables.GetValueOrDefault<int>("pass", 0) + 1)" /><choose>${when('context.Variables.GetValueOrDefault<int>("pass", 0) == 2', to("b"))}${when('context.Variables.GetValueOrDefault<int>("pass", 0) == 3', to("c"))}</choose>${send}`,
    ),
    routes: ["chat -> a: 1st", "chat ~> b: on 429, 2nd", "chat ~> c: on 429, 3rd"],
  },
  {
    name: "a retry that an unknown condition decides",
    inbound: to("a"),
    backend: retry('context.Request.Headers.ContainsKey("x")', 1, `${send}${to("b")}`),
    routes: ["chat -> a: 1st", "chat ~> b: if Request.Headers.ContainsKey(x); whatever the answer, 2nd"],
  },
  {
    name: "a count that an expression gives",
    inbound: to("a"),
    backend: retry(`${status} == 429`, "@(1 + 1)", send),
    routes: ["chat -> a: up to 2 retries on 429"],
  },
  {
    name: "a fragment",
    inbound: '<include-fragment fragment-id="route" />',
    more: { fragments: { route: `<fragment>${to("b")}</fragment>` } },
    routes: ["chat -> b"],
  },
  {
    name: "a fragment that includes itself",
    inbound: `${to("a")}<include-fragment fragment-id="loop" />`,
    more: { fragments: { loop: '<fragment><include-fragment fragment-id="loop" /></fragment>' } },
    routes: ["chat -> a"],
  },
  {
    name: "what stands in wait and limit-concurrency",
    inbound: `<wait for="all"><choose>${when(`${model} == "x"`, to("a"))}</choose></wait><limit-concurrency key="k" max-count="3">${to("b")}</limit-concurrency>`,
    routes: ["chat -> b"],
  },
  {
    name: "calls beside the route",
    inbound: `${to("a")}<llm-semantic-cache-lookup score-threshold="0.1" embeddings-backend-id="b" embeddings-backend-auth="system-assigned" /><llm-content-safety backend-id="c" />`,
    routes: ["chat -> a", "chat .. b: embeddings", "chat .. c: content safety"],
  },
  {
    name: "the section of the service when a document has none",
    inbound: to("a"),
    more: {
      policies: {
        "": policyXml({ inbound: "", backend: retry(`${status} == 503`, 2, send) }),
      },
    },
    routes: ["chat -> a: up to 2 retries on 503"],
  },
];

describe("the routes of an operation", () => {
  it.each(cases)("$name", ({ inbound, backend, more = {}, routes }) => {
    const document = policyXml({
      inbound: inbound ?? "<base />",
      ...(backend === undefined ? {} : { backend }),
    });
    const graph = drawCase({
      backends,
      operations: { chat: "POST /{model}/chat" },
      ...more,
      policies: { "apis/ai/operations/chat": document, ...more.policies },
    });
    expect(routeLines(graph)).toEqual(routes);
  });
});

describe("answers of the gateway's own", () => {
  const answer = (code: number, reason = "") =>
    `<return-response><set-status code="${code}" reason="${reason}" /></return-response>`;

  it.each([
    ["every call is refused", answer(403, "Forbidden"), "denied 1 operation denied | answers 403 Forbidden"],
    ["a mock", '<mock-response status-code="200" />', "operation chat | answers 200 mock"],
    [
      "some calls are refused",
      `${to("a")}<choose>${when(`${model} == "x"`, answer(404, "NoModel"))}</choose>`,
      "operation chat | 404 NoModel if model = x",
    ],
    [
      "what is left is refused",
      `<choose>${when(`${model} == "x"`, to("a"))}<otherwise>${answer(404)}</otherwise></choose>`,
      "operation chat | 404 otherwise",
    ],
    [
      "a status that is not known",
      `<choose>${when(`${model} == "x"`, to("a"))}<otherwise><return-response response-variable-name="r" /></otherwise></choose>`,
      "operation chat | an answer of its own otherwise",
    ],
    ["nothing forwards", to("a"), "operation chat | answers 200 no backend is called"],
  ])("%s", (_name, inbound, line) => {
    const backend = line.includes("no backend") ? { backend: "" } : {};
    const graph = drawCase({
      backends,
      operations: { chat: "POST /{model}/chat" },
      policies: { "apis/ai/operations/chat": policyXml({ inbound, ...backend }) },
    });
    expect(nodeLines(graph)).toContain(line);
  });

  it("counts what is denied, and names it when asked", () => {
    const operations = { b: "GET /b", a: "GET /a", c: "GET /c", chat: "POST /chat" };
    const gateway = {
      backends,
      operations,
      policies: {
        "apis/ai": policyXml({ inbound: answer(400, "Bad Request") }),
        "apis/ai/operations/chat": policyXml({ inbound: to("a") }),
      },
    };
    expect(nodeLines(drawCase(gateway))).toContain("denied 3 operations denied | answers 400 Bad Request");
    expect(nodeLines(drawCase(gateway, { namesAll: true }))).toContain(
      "denied 3 operations denied, a, b, c | answers 400 Bad Request",
    );
  });
});
