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

describe("set-body with a Liquid template", () => {
  const liquid = (template: string, more = "") => `<set-body template="liquid"${more}>${template}</set-body>`;
  const json = { "Content-Type": "application/json; charset=utf-8" };

  it("makes XML of a JSON request, with elements in the policy", () => {
    const template =
      '<soap:Envelope xmlns:soap="u" n="{{body.n}}"><soap:Body>{% if body.n > 1 %}<cust>{{body.order.cust | Escape}}</cust>{% endif %}</soap:Body></soap:Envelope>';
    const { sent } = callGateway(api({ inbound: liquid(template) }), {
      headers: json,
      body: '{"n":2,"order":{"cust":"a&b"}}',
    });
    expect(sent[0]?.body).toBe(
      '<soap:Envelope xmlns:soap="u" n="2"><soap:Body><cust>a&amp;b</cust></soap:Body></soap:Envelope>',
    );
  });

  it("makes JSON of an answer in XML", () => {
    const answer = {
      headers: { "Content-Type": "application/soap+xml" },
      body: "<s:Envelope xmlns:s='u'><s:Body><R><Item>1</Item><Item>2</Item></R></s:Body></s:Envelope>",
    };
    const template = "[{% JSONArrayFor i in body.envelope.body.R %}{{i}}{% endJSONArrayFor %}]";
    expect(outbound(liquid(template), answer)[0]).toBe("[1,2]");
  });

  it("reads the context and variables", () => {
    const inbound = `<set-variable name="v" value="@(41 + 1)" />${liquid(
      '{{context.Request.Method}} {{context.Request.MatchedParameters["id"]}} {{context.Variables["v"]}} {{context.Request.Headers["X-A"]}}',
    )}`;
    const gateway = { ...api({ inbound }), operations: { item: "PUT /items/{id}" } };
    const request = { method: "PUT", path: "/ai/items/7", headers: { "x-a": "h" }, body: "x" };
    expect(callGateway(gateway, request).sent[0]?.body).toBe("PUT 7 42 h");
  });

  it("sees no body of another type, and none in return-response", () => {
    const request: RequestCase = { body: '{"a":1}', headers: { "Content-Type": "text/plain" } };
    expect(callGateway(api({ inbound: liquid("[{{body.a}}]") }), request).sent[0]?.body).toBe("[]");
    const inbound = `<return-response>${liquid("[{{body.a}}]")}</return-response>`;
    expect(callGateway(api({ inbound }), { ...request, headers: json }).body).toBe("[]");
  });

  it("makes the body of a request of its own", () => {
    const inbound = `<send-request response-variable-name="r"><set-url>https://x.test/</set-url><set-method>POST</set-method>${liquid("{{body.a}}!")}</send-request>`;
    expect(callGateway(api({ inbound }), { body: '{"a":1}', headers: json }).sent[0]?.body).toBe("1!");
  });

  it.each([
    { more: ' parse-date="false"', expected: "2012-03-21T05:40:00Z" },
    { more: "", expected: "03/21/2012 05:40:00" },
  ])("dates with$more", ({ more, expected }) => {
    const request = { headers: json, body: '{"d":"2012-03-21T05:40:00Z"}' };
    expect(callGateway(api({ inbound: liquid("{{body.d}}", more) }), request).sent[0]?.body).toBe(expected);
  });

  it.each([
    { template: "{{body.a | upcase}}", body: "{}", status: 501, text: "upcase" },
    { template: "{% include 'x' %}", body: "{}", status: 501, text: "include" },
    { template: "{{body.a}}", body: "{", status: 500, text: "Internal server error" },
  ])("answers $status for $template and $body", ({ template, body, status, text }) => {
    const run = callGateway(api({ inbound: liquid(template) }), { body, headers: json });
    expect([run.answer.status, run.body]).toEqual([status, expect.stringContaining(text)]);
  });

  it("keeps the elements of a body without a template", () => {
    const inbound = '<set-body><a b="1">x<c /></a></set-body>';
    expect(callGateway(api({ inbound }), { body: "x" }).sent[0]?.body).toBe('<a b="1">x<c /></a>');
  });
});
