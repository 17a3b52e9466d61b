/** What policies make of expressions: values, conditions, errors, bodies. The language itself is tested beside its interpreter. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { callGateway, createGateway as createCaller, policyXml } from "./call-gateway.ts";
import type { GatewayCase } from "./call-gateway.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const api = (sections: Parameters<typeof policyXml>[0], more: GatewayCase = {}): GatewayCase => ({
  ...more,
  policies: { "apis/ai": policyXml(sections) },
});

const show = (code: string): string =>
  `<set-header name="x-shown" exists-action="override"><value>@(${code})</value></set-header>`;

describe("expressions", () => {
  it.each([
    ["context.Api.Id", "ai"],
    ["context.Operation.Id + context.Operation.UrlTemplate", "chat/chat"],
    ["context.Request.Method", "POST"],
    ["context.Request.OriginalUrl.Path", "/ai/chat"],
    ['context.Request.Url.Query.GetValueOrDefault("a", "none")', "1"],
    ["context.Response.StatusCode", "200"],
    ["context.LastError == null", "True"],
    ["context.Product == null", "True"],
    ["context.Timestamp.Hour", "12"],
  ])("%s is %s in inbound", (code, expected) => {
    const { sent } = callGateway(api({ inbound: show(code) }), { path: "/ai/chat?a=1" });
    expect(sent[0]?.headers["x-shown"]).toBe(expected);
  });

  it("shows the chosen member of a pool in outbound", () => {
    const { answer } = callGateway(
      api(
        {
          inbound: '<set-backend-service backend-id="pool" />',
          outbound: show("context.Request.Url.ToString()"),
        },
        {
          backends: {
            one: { url: "https://one.test/openai" },
            pool: { pool: { services: [{ id: "/x/backends/one" }] } },
          },
        },
      ),
    );
    expect(answer.headers.get("x-shown")).toEqual(["https://one.test/openai/chat"]);
  });

  it("fails the request with what .NET would throw, and tells on-error", () => {
    const { answer, body } = callGateway(
      api({
        inbound:
          '<set-variable name="n" value="1" /><choose><when condition="@((int)context.Variables["n"] == 1)" /></choose>',
        "on-error": `<set-header name="x-error"><value>@(context.LastError.Source + "|" + context.LastError.Reason + "|" + context.LastError.Message + "|" + context.LastError.Path)</value></set-header>`,
      }),
    );
    expect(answer.status).toBe(500);
    expect(answer.headers.get("x-error")?.[0]).toMatch(
      /^choose\|ExpressionValueEvaluationFailure\|Expression evaluation failed\. .*cast.*\|choose\[1\]\/when\[1\]$/,
    );
    expect(body).toMatch(
      /^\{ "statusCode": 500, "message": "Internal server error", "activityId": "guid-\d" \}$/,
    );
  });

  it("E14: a timeout, then the condition, then its cast is the error", () => {
    const { answer } = callGateway(
      api({
        inbound: '<set-variable name="remaining" value="1" />',
        backend: `<retry count="2" interval="0" condition="@(context.Response != null && (context.Response.StatusCode == 429 || context.Response.StatusCode >= 500) && ((Int32)context.Variables["remaining"]) > 0)"><forward-request timeout-ms="1" /></retry>`,
      }),
      {},
      [{ milliseconds: 50 }],
    );
    expect(answer).toMatchObject({
      status: 500,
      error: { source: "retry", reason: "ExpressionValueEvaluationFailure" },
      attempts: [{ failure: "Timeout" }],
    });
  });

  it("can leave context.Response null where that is to be tried", () => {
    const gateway = api(
      { inbound: show("context.Response == null") },
      { options: { responseBeforeBackend: "null" } },
    );
    expect(callGateway(gateway).sent[0]?.headers["x-shown"]).toBe("True");
  });

  it("converts a 503 without a member into another answer", () => {
    const { answer } = callGateway(
      api(
        {
          inbound: '<set-backend-service backend-id="one" />',
          backend:
            '<retry count="1" interval="0" condition="@(context.Response.StatusCode == 429)"><forward-request /></retry>',
          "on-error":
            '<choose><when condition="@(context.Response.StatusCode == 503)"><set-status code="429" reason="Too Many Requests" /></when></choose>',
        },
        {
          backends: {
            one: {
              url: "https://one.test",
              circuitBreaker: {
                rules: [
                  {
                    failureCondition: {
                      count: 1,
                      interval: "PT5M",
                      statusCodeRanges: [{ min: 429, max: 429 }],
                    },
                    tripDuration: "PT1M",
                  },
                ],
              },
            },
          },
        },
      ),
      {},
      [{ status: 429 }],
    );
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, ["60"]]);
  });
});

describe("the request's body", () => {
  const bodies = (inbound: string, forward = "<forward-request />") =>
    callGateway(
      api({
        inbound,
        backend: `<retry count="1" interval="0" condition="@(context.Response.StatusCode == 429)">${forward}</retry>`,
      }),
      { body: '{"model":"gpt-4o"}' },
      [{ status: 429 }],
    ).sent.map(({ body }) => body);

  it.each([
    { name: "nobody reads it", inbound: "", expected: ['{"model":"gpt-4o"}', null] },
    {
      name: "it is read and preserved",
      inbound: '<set-variable name="m" value="@(context.Request.Body.As<string>(preserveContent: true))" />',
      expected: ['{"model":"gpt-4o"}', '{"model":"gpt-4o"}'],
    },
    {
      name: "it is consumed",
      inbound: '<set-variable name="m" value="@(context.Request.Body.As<string>())" />',
      expected: [null, null],
    },
    {
      name: "it is consumed and set",
      inbound: '<set-body>@(context.Request.Body.As<string>().Replace("4o", "5"))</set-body>',
      expected: ['{"model":"gpt-5"}', '{"model":"gpt-5"}'],
    },
  ])("$name", ({ inbound, expected }) => {
    expect(bodies(inbound)).toEqual(expected);
  });

  it("decides the backend by the model in it", () => {
    const { sent } = callGateway(
      api(
        {
          inbound: `<choose><when condition="@((string)context.Request.Body.As<JObject>(preserveContent: true)["model"] == "gpt-4o")"><set-backend-service backend-id="one" /></when><otherwise><return-response><set-status code="404" /></return-response></otherwise></choose>`,
        },
        { backends: { one: { url: "https://one.test" } } },
      ),
      { body: '{"model":"gpt-4o"}' },
    );
    expect(sent[0]).toMatchObject({ url: "https://one.test/chat", body: '{"model":"gpt-4o"}' });
  });
});

describe("state between policies", () => {
  it("caches values between requests", () => {
    const xml = `<cache-lookup-value key="k" variable-name="v" /><choose><when condition="@(!context.Variables.ContainsKey("v"))"><cache-store-value key="k" value="@(1 + 1)" duration="60" /></when><otherwise>${show('(int)context.Variables["v"]')}</otherwise></choose>`;
    const call = createCaller(api({ inbound: xml }));
    expect([call(), call()].map(({ sent }) => sent[0]?.headers["x-shown"])).toEqual([undefined, "2"]);
  });

  it("counts by a key and a condition on the answer", () => {
    const xml = `<rate-limit-by-key calls="1" renewal-period="60" counter-key="@(context.Request.IpAddress)" increment-condition="@(context.Response.StatusCode == 200)" />`;
    const call = createCaller(api({ inbound: xml }));
    const statuses = [call({}, [{ status: 500 }]), call({}), call({}), call({ ipAddress: "203.0.113.8" })];
    expect(statuses.map(({ answer }) => answer.status)).toEqual([500, 200, 429, 200]);
  });
});
