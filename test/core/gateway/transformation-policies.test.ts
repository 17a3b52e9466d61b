/** When bodies are converted, and what becomes of their headers; how they are converted is in conversion/. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { callGateway, headersOf, policyXml } from "./call-gateway.ts";
import type { BackendAnswer, GatewayCase, RequestCase } from "./call-gateway.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const api = (sections: Parameters<typeof policyXml>[0]): GatewayCase => ({
  policies: { "apis/ai": policyXml(sections) },
});

const outbound = (policy: string, answer: BackendAnswer, request: RequestCase = {}) => {
  const run = callGateway(api({ outbound: policy }), request, [answer]);
  return [run.body, headersOf(run.answer.headers)["Content-Type"]];
};

describe("xml-to-json", () => {
  const xml: BackendAnswer = { headers: { "Content-Type": "text/xml" }, body: "<a/>" };
  const policy = (more: string) => `<xml-to-json kind="direct" ${more} />`;

  it.each([
    { more: 'apply="always" consider-accept-header="false"', accept: undefined, converts: true },
    { more: 'apply="always"', accept: undefined, converts: false },
    { more: 'apply="always"', accept: "text/html, application/problem+json;q=0.5", converts: true },
    { more: 'apply="always"', accept: "*/*", converts: false },
    { more: 'apply="content-type-xml" consider-accept-header="@(!true)"', accept: undefined, converts: true },
  ])("with $more and Accept $accept converts: $converts", ({ more, accept, converts }) => {
    const request = accept === undefined ? {} : { headers: { Accept: accept } };
    expect(outbound(policy(more), xml, request)).toEqual(
      converts ? ['{"a":null}', "application/json"] : ["<a/>", "text/xml"],
    );
  });

  it("looks at the type of the body only where it is to", () => {
    const text: BackendAnswer = { headers: { "Content-Type": "text/plain" }, body: "<a/>" };
    const forced = 'consider-accept-header="false"';
    expect(outbound(policy(`apply="content-type-xml" ${forced}`), text)[0]).toBe("<a/>");
    expect(outbound(policy(`apply="always" ${forced}`), text)[0]).toBe('{"a":null}');
  });

  it("changes the request in inbound, and takes its length away", () => {
    const run = callGateway(api({ inbound: policy('apply="always" consider-accept-header="false"') }), {
      body: "<a/>",
      headers: { "Content-Length": "4", "Content-Type": "text/xml" },
    });
    expect(run.sent[0]).toMatchObject({
      body: '{"a":null}',
      headers: { "Content-Type": "application/json" },
    });
    expect(run.sent[0]?.headers).not.toHaveProperty("Content-Length");
  });

  it.each([
    { body: "<a", status: 500, error: /cannot be converted/ },
    { body: "", status: 200, error: undefined },
  ])("answers $status for $body", ({ body, status, error }) => {
    const sections = { outbound: policy('apply="always" consider-accept-header="false"') };
    const { answer } = callGateway(api(sections), {}, [{ ...xml, body }]);
    expect(answer.status).toBe(status);
    if (error === undefined) expect(answer.error).toBeNull();
    else {
      expect(answer.error?.source).toBe("xml-to-json");
      expect(answer.error?.message).toMatch(error);
    }
  });

  it("refuses attributes that nobody has described", () => {
    const run = callGateway(api({ outbound: policy('apply="always" trim-values="true"') }));
    expect([run.answer.status, run.body]).toEqual([501, expect.stringContaining("trim-values")]);
  });
});

describe("json-to-xml", () => {
  const json: BackendAnswer = { headers: { "Content-Type": "application/json" }, body: '{"a":{"n:b":1}}' };

  it.each([
    {
      more: 'apply="always" consider-accept-header="false"',
      accept: undefined,
      body: "<a><n_x003A_b>1</n_x003A_b></a>",
    },
    { more: 'apply="content-type-json"', accept: "application/xml", body: "<a><n_x003A_b>1</n_x003A_b></a>" },
    { more: 'apply="content-type-json"', accept: "application/json", body: '{"a":{"n:b":1}}' },
  ])("with $more and Accept $accept gives $body", ({ more, accept, body }) => {
    const request = accept === undefined ? {} : { headers: { Accept: accept } };
    const type = body.startsWith("<") ? "text/xml" : "application/json";
    expect(outbound(`<json-to-xml ${more} />`, json, request)).toEqual([body, type]);
  });

  it("reads its settings, expressions among them", () => {
    const policy =
      '<json-to-xml apply="always" consider-accept-header="false" parse-date="false" namespace-separator="@(":")" namespace-prefix="xmlns" attribute-block-name="#a" />';
    const body = '{"a":{"xmlns:n":"u","#a":{"k":"v"},"n:b":"2012-03-21T05:40:00Z"}}';
    expect(outbound(policy, { ...json, body })[0]).toBe(
      '<a xmlns:n="u" k="v"><n:b>2012-03-21T05:40:00Z</n:b></a>',
    );
  });

  it("fails for what is no JSON, and refuses what is no object", () => {
    const run = (body: string) =>
      callGateway(api({ outbound: '<json-to-xml apply="always" consider-accept-header="false" />' }), {}, [
        { body },
      ]).answer.status;
    expect([run("{"), run("[1]")]).toEqual([500, 501]);
  });
});

describe("jsonp", () => {
  const json: BackendAnswer = { headers: { "Content-Type": "application/json" }, body: '{"a":1}' };

  it.each([
    { path: "/ai/chat?cb=show", given: json, expected: ['show({"a":1});', "application/javascript"] },
    { path: "/ai/chat", given: json, expected: ['{"a":1}', "application/json"] },
    {
      path: "/ai/chat?cb=show",
      given: { headers: { "Content-Type": "text/html" }, body: "x" },
      expected: ["x", "text/html"],
    },
  ])("answers $path", ({ path, given, expected }) => {
    expect(outbound('<jsonp callback-parameter-name="cb" />', given, { path })).toEqual(expected);
  });
});

describe("what is recorded, and what is made up", () => {
  it("records certificates, proxies and messages to a service bus, and goes on", () => {
    const inbound = `
      <cross-domain><cross-domain-policy /></cross-domain>
      <authentication-certificate certificate-id="client" />
      <proxy url="http://proxy.test:8080" username="u" password="secret" />
      <send-service-bus-message queue-name="q" namespace="n.test">
        <message-properties><message-property name="kind">call</message-property></message-properties>
        <payload>@(context.Request.Method)</payload>
      </send-service-bus-message>`;
    const { answer, sent } = callGateway(api({ inbound }));
    expect(sent).toHaveLength(1);
    expect(answer.recorded).toEqual([
      { policy: "authentication-certificate", values: { certificate: "client" } },
      { policy: "proxy", values: { url: "http://proxy.test:8080" } },
      {
        policy: "send-service-bus-message",
        values: { namespace: "n.test", queue: "q", payload: "POST", kind: "call" },
      },
    ]);
  });

  it("gives an authorization with a token that says what it is for", () => {
    const inbound = `
      <get-authorization-context provider-id="google" authorization-id="mine" context-variable-name="auth" />
      <set-header name="x-token" exists-action="override">
        <value>@(((Authorization)context.Variables["auth"]).AccessToken)</value>
      </set-header>`;
    const { sent } = callGateway(api({ inbound }));
    expect(sent[0]?.headers["x-token"]).toBe("apimgw.local.google.mine");
  });
});
