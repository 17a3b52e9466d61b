import { beforeAll, describe, expect, it } from "vitest";
import { lintPolicyText } from "../../../../src/core/lint/policy/lint-policy.ts";
import type { LintPolicyOptions } from "../../../../src/core/lint/policy/lint-policy.ts";
import { loadGrammar } from "./expressions/support.ts";

beforeAll(loadGrammar);

/** What the service said to somebody, in short, and a document of ours that it says it of: policies stand from line 3 on. */
type Refusal = readonly [
  message: string,
  rule: string,
  policies: string,
  more?: { readonly section?: string; readonly line?: number; readonly options?: LintPolicyOptions },
];

const known = { backends: [], fragments: [], namedValues: [], loggers: [], certificates: [] };
const value = (expression: string) => `<set-variable name="a" value="${expression}" />`;
const when = (condition: string) =>
  `<choose>\n<when condition="${condition}"><set-method>GET</set-method></when>\n</choose>`;
const jwt = (children: string) => `<validate-jwt header-name="Authorization">\n${children}\n</validate-jwt>`;

const structure: readonly Refusal[] = [
  [
    "The element 'set-header' cannot contain text",
    "text-not-allowed",
    '<set-header name="a" exists-action="override">b</set-header>',
  ],
  [
    "'validate-jwt' has invalid child element 'issuer-signing-keys'",
    "child-order",
    jwt(
      "<audiences><audience>a</audience></audiences>\n<issuer-signing-keys><key>MTIz</key></issuer-signing-keys>",
    ),
    { line: 5 },
  ],
  [
    "'ip-filter' has invalid child element 'addressRange'",
    "unknown-child-element",
    '<ip-filter action="allow">\n<addressRange from="10.0.0.1" to="10.0.0.9" />\n</ip-filter>',
    { line: 4 },
  ],
  [
    "The 'size' attribute is not declared",
    "unknown-attribute",
    '<authentication-certificate certificate-id="a" size="3" />',
  ],
  [
    "The 'exist-action' attribute is not declared",
    "unknown-attribute",
    '<set-header name="a" exist-action="skip"><value>b</value></set-header>',
  ],
  [
    "The required attribute 'variable-name' is missing",
    "missing-attribute",
    '<cache-lookup-value key="a" />',
  ],
  [
    "The 'calls' attribute is invalid: not a valid Int32 value",
    "number-value",
    '<rate-limit calls="many" renewal-period="60" />',
  ],
  [
    "The 'exists-action' attribute is invalid: the Enumeration constraint failed",
    "enum-value",
    '<set-header name="a" exists-action="replace"><value>b</value></set-header>',
  ],
  ["mock-response takes no expressions", "expression-not-allowed", '<mock-response status-code="@(200)" />'],
  [
    "Duplicate dimension 'Team'",
    "duplicate-dimension",
    '<emit-metric name="m">\n<dimension name="Team" value="a" />\n<dimension name="Team" value="b" />\n</emit-metric>',
    { line: 5 },
  ],
  [
    "rate-limit can be used once",
    "duplicate-policy",
    '<rate-limit calls="3" renewal-period="60" />\n<rate-limit calls="9" renewal-period="90" />',
    { line: 4 },
  ],
  [
    "Policy is not allowed in the specified scope",
    "policy-in-wrong-scope",
    '<quota calls="3" renewal-period="3600" />',
    { options: { scope: "api" } },
  ],
  [
    "Policy is not allowed in 'Consumption' sku",
    "policy-not-on-tier",
    '<rate-limit-by-key calls="3" renewal-period="60" counter-key="a" />',
    { options: { sku: "Consumption" } },
  ],
  [
    "Policy is not allowed in the specified section",
    "policy-in-wrong-section",
    '<rewrite-uri template="/a" />',
    { section: "outbound" },
  ],
  [
    "Policy is not allowed in the specified section (resolver)",
    "policy-in-wrong-section",
    "<http-data-source><http-request><set-method>GET</set-method><set-url>https://a.example</set-url></http-request></http-data-source>",
  ],
  [
    "renewal-period over 300",
    "number-range",
    '<rate-limit-by-key calls="3" renewal-period="301" counter-key="a" />',
  ],
  [
    "token-quota without its period",
    "dependent-attributes",
    '<llm-token-limit counter-key="a" estimate-prompt-tokens="false" token-quota="3" />',
  ],
  [
    "embeddings-backend-auth must be system-assigned",
    "enum-value",
    '<llm-semantic-cache-lookup score-threshold="0.1" embeddings-backend-id="b" embeddings-backend-auth="key" />',
  ],
  ["ip-filter without addresses", "missing-one-of-children", '<ip-filter action="allow" />'],
  ["'choose' has incomplete content: expected 'when'", "missing-child", "<choose>\n<otherwise />\n</choose>"],
  [
    "'wait' has invalid child element 'set-variable'",
    "unknown-child-element",
    '<wait for="all">\n<set-variable name="a" value="b" />\n</wait>',
    { line: 4 },
  ],
  [
    "forward-request cannot stand in on-error",
    "policy-in-wrong-section",
    "<forward-request />",
    { section: "on-error" },
  ],
];

const references: readonly Refusal[] = [
  [
    "Backend with id 'orders' could not be found",
    "unknown-backend",
    '<set-backend-service backend-id="orders" />',
    { options: { known } },
  ],
  [
    "Policy fragment with id 'token' could not be found",
    "unknown-fragment",
    '<include-fragment fragment-id="token" />',
    { options: { known } },
  ],
  [
    "Logger not found",
    "unknown-logger",
    '<log-to-eventhub logger-id="audit">a</log-to-eventhub>',
    { options: { known } },
  ],
  [
    "Cannot find a property 'limit'",
    "unknown-named-value",
    '<rate-limit calls="{{limit}}" renewal-period="60" />',
    { options: { known } },
  ],
  [
    "certificate not found",
    "unknown-certificate",
    '<authentication-certificate certificate-id="c" />',
    { options: { known } },
  ],
];

const expressions: readonly Refusal[] = [
  [
    "Too many characters in character literal",
    "character-literal-too-long",
    when("@(context.Request.Method == 'GET')"),
    { line: 4 },
  ],
  ["Unterminated string literal", "policy-syntax", value('@("a)')],
  [
    ") expected",
    "policy-syntax",
    when('@(context.Request.Headers.GetValueOrDefault("a", "").Contains("b")'),
    { line: 4 },
  ],
  ["; expected", "expression-syntax", "<set-body>@{\nvar a = 1\nreturn a;\n}</set-body>", { line: 5 }],
  [
    "quotes of a placeholder left in the text",
    "expression-syntax",
    when('@(context.Variables.ContainsKey("a="""))'),
    { line: 4 },
  ],
  [
    "an XML comment among the statements",
    "xml-comment-in-expression",
    "<set-body>@{\n<!-- why -->\nreturn 1;\n}</set-body>",
    { line: 4 },
  ],
  [
    "not all code paths return a value",
    "block-without-return",
    '<set-body>@{\nif (context.Tracing) { return "a"; }\n}</set-body>',
  ],
  [
    "The name 'body' does not exist in the current context",
    "unknown-name",
    "<set-body>@{\nreturn body;\n}</set-body>",
    { line: 4 },
  ],
  [
    "'IContext' does not contain a definition for 'Principal'",
    "unknown-context-member",
    value("@(context.Principal.Identity.Name)"),
  ],
  [
    "Usage of type 'System.Security.Cryptography.RSACng' is not supported within expressions",
    "type-not-allowed",
    value("@(new System.Security.Cryptography.RSACng())"),
  ],
  [
    "Usage of type 'System.Globalization.CultureInfo' is not supported within expressions",
    "type-not-allowed",
    value("@(1.5.ToString(System.Globalization.CultureInfo.InvariantCulture))"),
  ],
  [
    "Usage of type 'System.Text.Json.JsonSerializer' is not supported within expressions",
    "type-not-allowed",
    value("@(System.Text.Json.JsonSerializer.Serialize(1))"),
  ],
  [
    "Usage of member 'ParseExact' of type 'System.DateTime' is not supported within expressions",
    "member-not-allowed",
    value('@(DateTime.ParseExact("a", "b", null))'),
  ],
  [
    "Usage of member 'Load' of type 'System.Xml.Linq.XDocument' is not supported within expressions",
    "member-not-allowed",
    value('@(XDocument.Load("a"))'),
  ],
  [
    "'object' does not contain a definition for 'StatusCode'",
    "value-needs-cast",
    value('@(context.Variables["r"].StatusCode)'),
  ],
  [
    "Cannot implicitly convert type 'object' to 'string'",
    "value-needs-cast",
    '<set-body>@{\nstring a = context.Variables["b"];\nreturn a;\n}</set-body>',
    { line: 4 },
  ],
  [
    "Cannot implicitly convert type 'string' to 'int'",
    "type-mismatch",
    '<set-body>@{\nint a = context.Request.Headers.GetValueOrDefault("a", "0");\nreturn a.ToString();\n}</set-body>',
    { line: 4 },
  ],
  [
    "Cannot implicitly convert type 'bool?' to 'bool'",
    "type-mismatch",
    '<set-body>@{\nif (context.User?.Email?.EndsWith("a")) { return 1; }\nreturn 2;\n}</set-body>',
    { line: 4 },
  ],
  [
    "Operator '>' cannot be applied to operands of type 'string' and 'int'",
    "type-mismatch",
    when('@(context.Request.Headers.GetValueOrDefault("n", "0") > 3)'),
    { line: 4 },
  ],
  [
    "'string[]' does not contain a definition for 'StartsWith'",
    "unknown-member",
    value('@(context.Request.Headers["a"].StartsWith("b"))'),
  ],
  [
    "Operator '==' cannot be applied to operands of type 'int' and 'string'",
    "comparison-never-holds",
    when('@(context.Response.StatusCode == "404")'),
    { section: "outbound", line: 4 },
  ],
];

const documents: readonly (readonly [message: string, rule: string, text: string, line: number])[] = [
  ["Data at the root level is invalid", "policy-syntax", "./policies/global.xml", 1],
  [
    "Policy section is not allowed in the specified scope",
    "section-as-root",
    "<inbound>\n<cors />\n</inbound>",
    1,
  ],
  [
    "The 'value' start tag does not match the end tag of 'set-header'",
    "policy-syntax",
    '<policies><inbound>\n<set-header name="a"><value>b</set-header>\n</inbound></policies>',
    2,
  ],
  [
    "'name' is a duplicate attribute name",
    "policy-syntax",
    '<policies><inbound>\n<set-variable name="a" name="b" value="c" />\n</inbound></policies>',
    2,
  ],
  ["There are multiple root elements", "policy-syntax", "<policies />\n<policies />", 2],
  ["a fragment holds no section", "fragment-content", "<fragment>\n<inbound />\n</fragment>", 2],
];

function errorsOf(text: string, options: LintPolicyOptions = {}): string[] {
  return lintPolicyText(text, options)
    .filter(({ severity }) => severity === "error")
    .map(({ rule, at }) => `${rule} ${at.line}`);
}

describe("what the service has refused", () => {
  for (const [message, rule, policies, more = {}] of [...structure, ...references, ...expressions]) {
    it(`${message}: ${rule}`, () => {
      const { section = "inbound", line = 3, options = {} } = more;
      const text = `<policies>\n<${section}>\n${policies}\n</${section}>\n</policies>`;
      expect(errorsOf(text, options)).toContain(`${rule} ${line}`);
    });
  }

  it.each(documents)("%s: %s", (_message, rule, text, line) => {
    expect(errorsOf(text)).toContain(`${rule} ${line}`);
  });
});
