/** What the reference says of the policies from log-to-eventhub to xsl-transform, where no rule's own example shows it. */
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../../src/adapters/grammar.ts";
import { lintPolicyText } from "../../../../src/core/lint/policy/lint-policy.ts";
import type { LintPolicyOptions } from "../../../../src/core/lint/policy/lint-policy.ts";
import { loadCSharpGrammar } from "../../../../src/core/policy/expression/csharp/grammar.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const inbound = (policies: string) => `<policies><inbound><base />\n${policies}</inbound></policies>`;
const outbound = (policies: string) => `<policies><outbound><base />\n${policies}</outbound></policies>`;

const openIdConfig = '<openid-config url="https://example.com/.well-known/openid-configuration" />';
const jwt = (attributes: string, keys = openIdConfig) =>
  inbound(`<validate-jwt ${attributes}>${keys}<audiences><audience>a</audience></audiences></validate-jwt>`);

function found(text: string, options: LintPolicyOptions = {}): string[] {
  return lintPolicyText(text, options)
    .filter(({ rule }) => rule !== "base-missing")
    .map(({ rule, severity, at }) => `${at.line} ${severity} ${rule}`);
}

describe("what is wrong", () => {
  it.each<[string, string, string[], LintPolicyOptions?]>([
    [
      "a resolver in a fragment",
      "<fragment>\n<sql-data-source><connection-info><connection-string>{{sql}}</connection-string></connection-info><request><sql-statement>select 1</sql-statement></request></sql-data-source></fragment>",
      ["2 error fragment-content"],
    ],
    [
      "an expression where only the schema has the attribute",
      inbound('<mock-response index="@(1)" />'),
      ["2 warning expression-not-allowed"],
    ],
    [
      "a status code with five digits",
      inbound('<mock-response status-code="20000" />'),
      ["2 warning number-range"],
    ],
    ["a trace of nothing", inbound('<trace source="a" />'), ["2 warning missing-one-of-children"]],
    [
      "a time that does not exist",
      inbound(
        '<quota-by-key calls="1" counter-key="@(context.Subscription.Id)" renewal-period="300" first-period-start="2026-02-01T24:00:00Z" />',
      ),
      ["2 error formatted-value"],
    ],
    [
      "a time span with 90 minutes",
      inbound(
        '<send-service-bus-message queue-name="q" time-to-live="00:90:00"><payload>x</payload></send-service-bus-message>',
      ),
      ["2 error formatted-value"],
    ],
    [
      "the name of a header with its colon",
      inbound('<set-header name="x-a:" exists-action="override"><value>1</value></set-header>'),
      ["2 warning formatted-value"],
    ],
    [
      "a style sheet without its namespace",
      outbound('<xsl-transform>\n<xsl:stylesheet version="1.0" /></xsl-transform>'),
      ["3 error missing-attribute"],
    ],
    [
      "a style sheet in another namespace",
      outbound(
        '<xsl-transform>\n<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL" /></xsl-transform>',
      ),
      ["3 warning url-value"],
    ],
    ["a token with its scheme", jwt('token-value="Bearer {{token}}"'), ["2 error token-with-scheme"]],
    [
      "a token with its scheme from a block",
      jwt('token-value="@{ return "Bearer " + context.Request.Headers.GetValueOrDefault("x-token", ""); }"'),
      ["2 error token-with-scheme"],
    ],
    [
      "filters of Liquid in a tag and in XML",
      inbound(
        '<set-body template="liquid"><a b="{{ body.c | at_least: 2 }}">{% assign d = body.e | Strip | split: "|" %}</a></set-body>',
      ),
      ["2 warning liquid-filter-case", "2 warning liquid-filter-case"],
    ],
    [
      "an empty list of keys",
      inbound(
        '<validate-jwt header-name="a"><issuer-signing-keys /><audiences><audience>a</audience></audiences></validate-jwt>',
      ),
      ["2 warning jwt-without-keys"],
    ],
    [
      "a policy that the v2 tiers have by one page only",
      inbound('<quota-by-key calls="1" counter-key="@(context.Subscription.Id)" renewal-period="300" />'),
      ["2 warning policy-not-on-tier"],
      { sku: "StandardV2" },
    ],
    [
      "the Dapr form in a workspace",
      inbound('<set-backend-service backend-id="dapr" dapr-app-id="a" dapr-method="b" />'),
      ["2 warning dapr-form-misplaced"],
      { scope: "workspace" },
    ],
  ])("%s", (_, text, expected, options) => expect(found(text, options)).toEqual(expected));
});

describe("what is right", () => {
  it.each<[string, string]>([
    [
      "a token cut out of its header",
      jwt('token-value="@(context.Request.Headers.GetValueOrDefault("x", "").Replace("Bearer ", ""))"'),
    ],
    ["a text that is shortened", jwt('token-value="@("Bearer abc".Substring(7))"')],
    [
      "keys that are filled in",
      jwt(
        'header-name="a"',
        "<issuer-signing-keys><key>{{key}}</key><key>#{key}#</key></issuer-signing-keys>",
      ),
    ],
    [
      "keys that only show where one goes",
      jwt(
        'header-name="a"',
        "<issuer-signing-keys><key>your-signing-key</key><key>Base64Key</key></issuer-signing-keys>",
      ),
    ],
    [
      "filters of Liquid in Pascal case",
      inbound(
        '<set-body template="liquid">{{ body.a | Split: "| b" | Join: " | c" }} | d {{named-value}}</set-body>',
      ),
    ],
    ["a bar in a body that is no template", inbound("<set-body>{{ a | upcase }}</set-body>")],
    ["text in trace", inbound('<trace source="a">plain</trace>')],
    [
      "the name of a header that is filled in",
      inbound('<set-header name="{{prefix}}: a" exists-action="delete" />'),
    ],
    [
      "a prefix that is declared further up",
      '<policies xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><outbound><base /><xsl-transform><xsl:stylesheet version="1.0" /></xsl-transform></outbound></policies>',
    ],
    [
      "a distinguished name with quotes",
      inbound(
        '<validate-client-certificate><identities><identity subject="O="Contoso, Inc.", CN=a" /></identities></validate-client-certificate>',
      ),
    ],
  ])("%s", (_, text) => expect(found(text)).toEqual([]));
});

describe("what set-variable stores", () => {
  const variable = (value: string) => inbound(`<set-variable name="a" value="${value}" />`);

  it.each([
    ["@(new List<string>())"],
    ["@(new string[] { context.Api.Id })"],
    ["@(new[] { 1, 2 })"],
    ["@(context.Request.Url.Path.Split('/').ToList())"],
    ["@{ var all = new Dictionary<string, string>(); return all; }"],
    ["@{ if (context.Api == null) { return null; } return context.Api.Path.Split('/'); }"],
    ["@(new { id = context.Api.Id })"],
    ["@(context.Request.Headers)"],
  ])("not: %s", (value) => expect(found(variable(value))).toEqual(["2 warning variable-type-not-allowed"]));

  it.each([
    ["@(new byte[] { 1, 2 })"],
    ["@(new[] { (byte)1, (byte)2 })"],
    ["@(new JArray(context.Api.Path.Split('/')))"],
    ["@(context.Api.Path.Split('/').First())"],
    ["@(context.Api.Path.Split('/')[0])"],
    ["@(context.Api.Path.Split('/').Length)"],
    ["@(Convert.FromBase64String(context.Api.Id).Skip(16).ToArray())"],
    [
      "@{ Func<string, string[]> parts = path => { return path.Split('/'); }; return parts(context.Api.Path)[0]; }",
    ],
  ])("but: %s", (value) => expect(found(variable(value))).toEqual([]));
});

describe("casts of what set-variable stored", () => {
  const cast = (values: readonly string[], code: string) =>
    inbound(
      `${values.map((value) => `<set-variable name="a" value="${value}" />`).join("")}<set-variable name="b" value="@(${code})" />`,
    );

  it.each([
    [["@(1)"], '(string)context.Variables["a"]'],
    [["@(1)"], '(long)context.Variables["a"]'],
    [["@(1)", "@(2 * 3)"], '(bool?)context.Variables["a"]'],
    [["@{ if (context.Api == null) { return true; } return false; }"], '(string)context.Variables["a"]'],
  ])("%j cannot be read as %s", (values, code) =>
    expect(found(cast(values, code))).toEqual(["2 warning cast-to-other-type"]),
  );

  it.each([
    [["@(1)"], '(int)context.Variables["a"]'],
    [["@(1)"], '(int?)context.Variables["a"] ?? 0'],
    [["@(1)", "@(context.Api.Id)"], '(string)context.Variables["a"]'],
    [["@{ if (context.Api == null) { return null; } return 1; }"], '(string)context.Variables["a"]'],
    [["@(context.Response?.StatusCode)"], '(string)context.Variables["a"]'],
    [['@(JObject.Parse(context.Api.Id)["n"])'], '(int)context.Variables["a"]'],
    [["@(1)"], 'Convert.ToString(context.Variables["a"])'],
  ])("%j may be read as %s", (values, code) =>
    expect(found(cast(values, code)).filter((each) => each.includes("cast"))).toEqual([]),
  );
});
