/** `context` and what hangs on it: messages, variables, tokens, and how results leave an expression. */
import { beforeAll, describe, expect, it } from "vitest";
import { prepareExpression } from "../../../../src/core/gateway/expression/expressions.ts";
import { toBytes, toText } from "../../../../src/core/gateway/expression/to-text.ts";
import type { Value } from "../../../../src/core/gateway/expression/values.ts";
import { createBody, HeaderMap } from "../../../../src/core/gateway/message.ts";
import {
  authorization,
  contextWith,
  loadGrammar,
  requestWith,
  responseWith,
  run,
  shown,
  withVariables,
} from "./support.ts";

beforeAll(loadGrammar);

const reading: [code: string, expected: string][] = [
  ["context.Request.Method", "string POST"],
  ["context.Request.IpAddress", "string 203.0.113.7"],
  ["context.Request.Url.Path", "string /inference/openai/deployments/gpt-4o/chat/completions"],
  ["context.Request.Url.QueryString", "string ?api-version=2024-10-21&tag=a&tag=b"],
  ['context.Request.Url.Query["api-version"][0]', "string 2024-10-21"],
  ['context.Request.Url.Query.GetValueOrDefault("tag")', "string a,b"],
  ['context.Request.Url.Query.GetValueOrDefault("none", "d")', "string d"],
  ['context.Request.Url.Query.ContainsKey("API-VERSION")', "bool True"],
  ["context.Request.Url.Host + context.Request.Url.Port", "string contoso.azure-api.net443"],
  [
    "context.Request.OriginalUrl.ToString()",
    "string https://contoso.azure-api.net/inference/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21&tag=a&tag=b",
  ],
  ['context.Request.MatchedParameters["deployment-id"]', "string gpt-4o"],
  ['context.Request.MatchedParameters.GetValueOrDefault("x", "d")', "string d"],
  ['context.Request.Headers["content-type"][0]', "string application/json"],
  ['context.Request.Headers["none"]', "! System.Collections.Generic.KeyNotFoundException"],
  ['context.Request.Headers.GetValueOrDefault("x-many", "")', "string one,two"],
  ['context.Request.Headers.GetValueOrDefault("none", "d")', "string d"],
  ['context.Request.Headers.GetValueOrDefault("none")', "null"],
  ['context.Request.Headers.ContainsKey("CONTENT-TYPE")', "bool True"],
  [
    'context.Request.Headers.Select(h => h.Key + ":" + String.Join(", ", h.Value)).Last()',
    "string X-Many:one, two",
  ],
  ["context.Request.Certificate == null", "bool True"],
  ["context.Request.Certificate.Thumbprint", "! NullReferenceException"],
  ['context.Request.Body.As<JObject>(preserveContent: true)["max_tokens"].ToString()', "string 50"],
  ["context.Request.Body.As<string>(true).Length > 10", "bool True"],
  ["context.Request.Body.As<JArray>(true)", "! Newtonsoft.Json.JsonReaderException"],
  ["context.Request.Body.As<int>(true)", "refused 1:24"],
  ["context.Response.StatusCode == 200", "bool True"],
  ["context.Response.StatusReason", "string OK"],
  [
    "context.Response != null && (context.Response.StatusCode == 429 || context.Response.StatusCode >= 500)",
    "bool False",
  ],
  ["context.Response.Body.As<string>()", "! NullReferenceException"],
  ['context.Response.Body?.As<string>() ?? "none"', "string none"],
  ["context.Api.Name + context.Api.Revision + context.Api.Version", "string Inference1v1"],
  ["context.Api.ServiceUrl.Host", "string aoai.openai.azure.com"],
  ["context.Api.SubscriptionKeyParameterNames.Header", "string api-key"],
  ["context.Operation.UrlTemplate", "string /deployments/{deployment-id}/chat/completions"],
  ['context.Product?.Name ?? "none"', "string Starter"],
  ['context.Product.Groups.Any(g => g.Id == "developers")', "bool True"],
  ["context.Product.State.ToString()", "string Published"],
  ["context.Subscription.Id", "string sub-1"],
  ["context.Subscription.CreatedDate.Year", "int 2026"],
  ["context.Subscription.EndDate == null", "bool True"],
  ["context.User.Groups.Select(g => g.Name).First()", "string Developers"],
  ["context.User.Identities.First().Provider", "string Aad"],
  ["context.Deployment.Region + context.Deployment.ServiceName", "string West Europecontoso"],
  ["context.LastError.Reason + context.LastError.Source", "string Timeoutforward-request"],
  ['context.LastError?.PolicyId ?? "none"', "string none"],
  ["context.RequestId", "Guid 00112233-4455-6677-8899-aabbccddeeff"],
  ["context.RequestId.ToByteArray()[0]", "byte 51"],
  ['context.Timestamp.ToString("o")', "string 2026-11-27T12:30:13.7500000Z"],
  ["context.Tracing", "bool False"],
  ["context.Workspace == null", "bool True"],
  ["context.Nope", "refused 1:11"],
  ["context.Request.Nope", "refused 1:19"],
  ['context.Response.Headers.GetValueOrDefault("Retry-After", "0")', "string 0"],
];

const variables: [code: string, expected: string][] = [
  ['context.Variables.GetValueOrDefault<int>("n")', "int 3"],
  ['context.Variables.GetValueOrDefault<int>("none")', "int 0"],
  ['context.Variables.GetValueOrDefault<int>("none", 7)', "int 7"],
  ['context.Variables.GetValueOrDefault<string>("none")', "null"],
  ['context.Variables.GetValueOrDefault<string>("n", "d")', "! InvalidCastException"],
  ['context.Variables.GetValueOrDefault<int>("text")', "! InvalidCastException"],
  ['context.Variables.GetValueOrDefault("text", "d")', "string 3"],
  ['context.Variables.GetValueOrDefault("none", "d")', "string d"],
  ['(string)context.Variables.GetValueOrDefault("n")', "! InvalidCastException"],
  ['context.Variables.ContainsKey("n")', "bool True"],
  ['context.Variables.ContainsKey("N")', "bool False"],
  ['((JObject)context.Variables["json"])["a"].ToString()', "string 1"],
  ['((IResponse)context.Variables["response"]).StatusCode', "int 201"],
  ['((IResponse)context.Variables["response"]).Body.As<JObject>()["token"].ToString()', "string t"],
  ['context.Variables.GetValueOrDefault<IResponse>("response").StatusCode', "int 201"],
  ['(string)context.Variables["response"]', "! InvalidCastException"],
  ['((Authorization)context.Variables["auth"])?.AccessToken', "string token"],
  ['(string)((JObject)context.Variables["json"])["none"]', "null"],
  ['Convert.ToInt32(context.Variables["text"]) + 1', "int 4"],
  ['int.Parse((string)context.Variables["text"])', "int 3"],
  ['int.Parse((string)context.Variables["n"])', "! InvalidCastException"],
];

function values(): Record<string, Value> {
  const parsed = run('@(JObject.Parse("{a:1}"))');
  return {
    n: 3,
    text: "3",
    json: parsed.end === "value" ? parsed.value : null,
    response: responseWith({ statusCode: 201, body: createBody('{"token":"t"}') }),
    auth: authorization,
  };
}

describe("context", () => {
  it.each(reading)("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`))).toBe(expected);
  });

  it("has null where there is nothing", () => {
    const context = contextWith({
      product: null,
      user: null,
      subscription: null,
      response: null,
      lastError: null,
    });
    expect(
      shown(run("@(context.Product?.Name ?? context.User?.Id ?? context.LastError?.Message)", context)),
    ).toBe("null");
    expect(shown(run("@(context.User.Id)", context))).toBe("! NullReferenceException");
    expect(shown(run("@(context.Response != null && context.Response.StatusCode == 429)", context))).toBe(
      "bool False",
    );
  });

  it("collects traces", () => {
    const context = contextWith();
    run('@{ context.Trace("seen"); return 1; }', context);
    expect(context.traces).toEqual(["seen"]);
  });
});

describe("variables", () => {
  it.each(variables)("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`, withVariables(values())))).toBe(expected);
  });
});

describe("bodies", () => {
  it("are consumed unless their content is preserved", () => {
    const context = contextWith();
    expect(run("@(context.Request.Body.As<string>(true))", context).end).toBe("value");
    expect(context.request.body?.isConsumed).toBe(false);
    expect(run("@(context.Request.Body.As<JObject>())", context).end).toBe("value");
    expect(context.request.body?.isConsumed).toBe(true);
    expect(shown(run("@(context.Request.Body.As<string>())", context))).toBe("! InvalidOperationException");
  });

  it("are null where a request has none", () => {
    const context = contextWith({ request: requestWith({ body: null }) });
    expect(shown(run("@(context.Request.Body == null)", context))).toBe("bool True");
    expect(shown(run("@(context.Request.Body.As<string>())", context))).toBe("! NullReferenceException");
  });

  it("are read as forms and as bytes", () => {
    const form = () => contextWith({ request: requestWith({ body: createBody("a=1&b=x+y%21&a=2") }) });
    expect(shown(run('@(context.Request.Body.AsFormUrlEncodedContent()["b"][0])', form()))).toBe(
      "string x y!",
    );
    expect(
      shown(run("@(context.Request.Body.AsFormUrlEncodedContent().ToFormUrlEncodedContent())", form())),
    ).toBe("string a=1&a=2&b=x+y%21");
    expect(shown(run("@(context.Request.Body.As<byte[]>().Length)", form()))).toBe("int 16");
  });

  it("are known to be read before they are", () => {
    expect(prepareExpression("@(context.Response.Body.As<string>())")).toMatchObject({ readsBody: true });
    expect(prepareExpression("@(context.Response.StatusCode)")).toMatchObject({ readsBody: false });
  });
});

describe("tokens and credentials", () => {
  const token = [
    '{"alg":"RS256","typ":"JWT"}',
    '{"sub":"me","aud":["a","b"],"exp":1795782615,"roles":["x","y"]}',
  ]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  const context = () =>
    contextWith({
      request: requestWith({ headers: new HeaderMap([["Authorization", `Bearer ${token}.sig`]]) }),
    });
  const basic = () =>
    contextWith({
      request: requestWith({ headers: new HeaderMap([["Authorization", "Basic dXNlcjpwOnc="]]) }),
    });
  const header = 'context.Request.Headers.GetValueOrDefault("Authorization", "")';

  it.each([
    [`${header}.AsJwt()?.Subject`, "string me"],
    [`${header}.AsJwt().Algorithm`, "string RS256"],
    [`${header}.AsJwt().Audiences.Last()`, "string b"],
    [`${header}.AsJwt().Claims["roles"].Length`, "int 2"],
    [`${header}.AsJwt().Claims.GetValueOrDefault("roles", "")`, "string x,y"],
    [`${header}.AsJwt().Claims.GetValueOrDefault("none", "d")`, "string d"],
    [`${header}.AsJwt().ExpirationTime > DateTime.UtcNow`, "bool False"],
    [`${header}.Split(' ').Last().AsJwt()?.Subject`, "string me"],
    [`"nonsense".AsJwt()`, "null"],
    [`context.Request.Headers.GetValueOrDefault("none").AsJwt()`, "null"],
    [`${header}.AsBasic()`, "null"],
  ])("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`, context()))).toBe(expected);
  });

  it("reads basic credentials", () => {
    expect(shown(run(`@(${header}.AsBasic().UserId + "/" + ${header}.AsBasic().Password)`, basic()))).toBe(
      "string user/p:w",
    );
    expect(
      shown(
        run(`@{ BasicAuthCredentials c; return ${header}.TryParseBasic(out c) ? c.UserId : ""; }`, basic()),
      ),
    ).toBe("string user");
    expect(
      shown(run(`@{ Jwt jwt; return ${header}.TryParseJwt(out jwt) ? jwt.Subject : ""; }`, context())),
    ).toBe("string me");
  });
});

describe("results", () => {
  it.each([
    ["@(true)", "True"],
    ["@((string)null)", ""],
    ["@(1.50m)", "1.50"],
    ["@('c')", "c"],
    ['@(new JObject(new JProperty("a", 1)))', '{\r\n  "a": 1\r\n}'],
    ["@(DateTime.MinValue)", "01/01/0001 00:00:00"],
    ["@(TimeSpan.FromSeconds(1))", "00:00:01"],
    [
      "@(context.Request.Url)",
      "https://contoso.azure-api.net/inference/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21&tag=a&tag=b",
    ],
    ["@(new[] { 1 })", "System.Int32[]"],
  ])("%s becomes the text %s", (text, expected) => {
    const result = run(text);
    expect(result.end === "value" ? toText(result.value) : result).toBe(expected);
  });

  it("become bytes of a body", () => {
    expect([...toBytes(new Uint8Array([1, 2]))]).toEqual([1, 2]);
    expect([...toBytes("ä")]).toEqual([0xc3, 0xa4]);
  });
});

describe("preparing", () => {
  it("gives the same again for the same text", () => {
    expect(prepareExpression("@(1 + 1)")).toBe(prepareExpression("@(1 + 1)"));
  });

  it.each([
    ["not an expression", 1, 1],
    ["@(1 +)", 1, 3],
    ["@{\n  var x = 1;\n  return new Foo();\n}", 3, 14],
    ["@(new System.Net.WebClient())", 1, 7],
  ])("refuses %s at %i:%i", (text, line, column) => {
    expect(prepareExpression(text)).toMatchObject({ kind: "unsupported", line, column });
  });

  it("is fast enough to evaluate conditions on every call", () => {
    const prepared = prepareExpression("@(context.Response.StatusCode == 429)");
    const context = contextWith();
    if (prepared.kind === "unsupported") throw new Error(prepared.message);
    const start = performance.now();
    for (let count = 0; count < 100_000; count += 1) prepared.evaluate(context);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
