import { describe, expect, it } from "vitest";
import type { PolicyContextOptions } from "../../../../../src/core/lint/policy/policy-context.ts";
import { parsePolicyDocument } from "../../../../../src/core/policy/parse.ts";
import { findAll, type Found } from "./support.ts";

const inbound = (policies: string) => `<policies><inbound>${policies}</inbound></policies>`;
const outbound = (policies: string) => `<policies><outbound>${policies}</outbound></policies>`;
const backend = (policies: string) => `<policies><backend>${policies}</backend></policies>`;
const header = (name: string) =>
  inbound(`<set-header name="${name}" exists-action="override"><value>1</value></set-header>`);
const resolver = (request: string) =>
  `<http-data-source><http-request>${request}</http-request></http-data-source>`;
const jwt = (more: string) =>
  inbound(
    `<validate-jwt header-name="Authorization"><openid-config url="https://example.com/c" />${more}</validate-jwt>`,
  );

function briefly(source: string, options: PolicyContextOptions = {}): string[] {
  return (findAll(source, options) ?? []).map(
    ({ rule, severity, marked }) => `${severity} ${rule} ${marked ?? "-"}`,
  );
}

describe("what is found, how grave it is, and what it marks", () => {
  it.each([
    ["a misspelt policy", inbound("<set-heder />"), ["error unknown-policy set-heder"]],
    ["a policy in other case", inbound("<Set-Method>GET</Set-Method>"), ["error unknown-policy Set-Method"]],
    [
      "a policy of the schema only",
      inbound('<authentication-token resource-url="https://a.example" />'),
      ["warning undocumented-policy authentication-token"],
    ],
    [
      "a policy below policies",
      "<policies><set-method>GET</set-method></policies>",
      ["error unknown-section set-method"],
    ],
    ["a misspelt section", "<policies><outbond /></policies>", ["error unknown-section outbond"]],
    [
      "a section in a policy",
      inbound("<choose><when condition='@(true)'><outbound /></when></choose>"),
      ["error unknown-policy outbound"],
    ],
    ["a section twice", "<policies><inbound /><inbound /></policies>", ["error duplicate-section inbound"]],
    [
      "an attribute of a section",
      '<policies><inbound id="a" /></policies>',
      ["warning unknown-attribute id"],
    ],
    ["text in a section", inbound("<base />stray"), ["error text-not-allowed stray"]],
    [
      "text on a line of its own",
      inbound("<base />\n  stray words\n"),
      ["error text-not-allowed stray words"],
    ],
    ["text below policies", "<policies>stray<inbound /></policies>", ["error text-not-allowed stray"]],
    ["base twice", inbound("<base /><base />"), ["warning base-misplaced base"]],
    [
      "base in a branch",
      inbound('<choose><when condition="@(true)"><base /></when></choose>'),
      ["warning base-misplaced base"],
    ],
    ["base with an attribute", inbound('<base id="b" />'), ["error unknown-attribute id"]],
    ["base in a fragment", "<fragment><base /></fragment>", ["error base-misplaced base"]],
    [
      "a fragment in a fragment",
      '<fragment><include-fragment fragment-id="f" /></fragment>',
      ["error fragment-content include-fragment"],
    ],
    [
      "a resolver in a fragment",
      `<fragment>${resolver("<set-method>GET</set-method><set-url>https://a.example</set-url>")}</fragment>`,
      ["error fragment-content http-data-source"],
    ],
    [
      "a dimension that token metrics alone fill in",
      inbound('<emit-metric name="a"><dimension name="Backend ID" /></emit-metric>'),
      ["warning dimension-without-value dimension"],
    ],
    [
      "two policies in backend",
      backend('<set-backend-service backend-id="b" /><forward-request />'),
      ["error backend-section-single-policy forward-request"],
    ],
    [
      "base beside a policy in backend",
      backend("<base /><forward-request />"),
      ["warning backend-section-single-policy forward-request"],
    ],
    [
      "a wrong attribute of a part",
      inbound('<choose><when condtion="@(true)" condition="@(true)" /></choose>'),
      ["error unknown-attribute condtion"],
    ],
    [
      "id on a part",
      inbound('<choose><when id="a" condition="@(true)" /></choose>'),
      ["warning unknown-attribute id"],
    ],
    ["choose without when", inbound("<choose><otherwise /></choose>"), ["error missing-child choose"]],
    [
      "when behind otherwise",
      inbound('<choose><when condition="@(true)" /><otherwise /><when condition="@(false)" /></choose>'),
      ["error child-order when"],
    ],
    [
      "otherwise twice",
      inbound('<choose><when condition="@(true)" /><otherwise /><otherwise /></choose>'),
      ["error too-many-children otherwise"],
    ],
    [
      "a policy in choose itself",
      inbound('<choose><when condition="@(true)" /><set-method>GET</set-method></choose>'),
      ["error unknown-child-element set-method"],
    ],
    [
      "a fragment where the schema has none",
      inbound('<return-response><include-fragment fragment-id="f" /></return-response>'),
      ["warning unknown-child-element include-fragment"],
    ],
    [
      "the order of return-response",
      inbound('<return-response><set-body>x</set-body><set-status code="200" /></return-response>'),
      ["error child-order set-status"],
    ],
    [
      "the order of policies in a resolver's request",
      resolver("<set-url>https://a.example</set-url><set-method>GET</set-method>"),
      ["error child-order set-method"],
    ],
    [
      "a fragment where table and statement of the page disagree",
      resolver(
        '<set-method>GET</set-method><include-fragment fragment-id="f" /><set-url>https://a.example</set-url>',
      ),
      ["warning child-order set-url"],
    ],
    [
      "id where the schema has none",
      inbound('<llm-content-safety id="a" backend-id="b" />'),
      ["warning unknown-attribute id"],
    ],
    [
      "Adobe's format beyond the schema",
      inbound(
        '<cross-domain><cross-domain-policy><allow-access-from domain="*" to-ports="80" /></cross-domain-policy></cross-domain>',
      ),
      ["warning unknown-attribute to-ports"],
    ],
    [
      "the order of validate-jwt",
      jwt(
        "<audiences><audience>a</audience></audiences><issuer-signing-keys><key>a</key></issuer-signing-keys>",
      ),
      ["error child-order issuer-signing-keys"],
    ],
    [
      "half an RSA key",
      jwt('<issuer-signing-keys><key n="abc" /></issuer-signing-keys>'),
      ["error dependent-attributes n"],
    ],
    [
      "two token sources",
      inbound(
        '<validate-jwt header-name="a" token-value="b"><openid-config url="https://a.example" /></validate-jwt>',
      ),
      ["error exclusive-attributes token-value"],
    ],
    [
      "no token source",
      inbound('<validate-jwt><openid-config url="https://a.example" /></validate-jwt>'),
      ["error missing-one-of-attributes validate-jwt"],
    ],
    [
      "neither calls nor bandwidth for an api",
      inbound('<quota calls="1" renewal-period="3600"><api id="a" /></quota>'),
      ["error missing-one-of-attributes api"],
    ],
    [
      "an ignored name",
      inbound(
        '<rate-limit calls="1" renewal-period="60"><api id="a" name="b" calls="1" renewal-period="60" /></rate-limit>',
      ),
      ["warning ignored-attribute name"],
    ],
    [
      "no backend and no URL",
      inbound("<set-backend-service />"),
      ["error missing-one-of-attributes set-backend-service"],
    ],
    [
      "a Dapr form without its method",
      inbound('<set-backend-service backend-id="dapr" dapr-app-id="a" />'),
      ["error dependent-attributes backend-id"],
    ],
    [
      "two timeouts",
      backend('<forward-request timeout="10" timeout-ms="10000" />'),
      ["error exclusive-attributes timeout-ms"],
    ],
    ["a negative timeout", backend('<forward-request timeout="-1" />'), ["error number-range -1"]],
    ["a header's name with a space", header("x a"), ["warning formatted-value x a"]],
    ["a header without a name", header(""), ["warning formatted-value"]],
    [
      "a variable without a name",
      inbound('<cache-lookup-value key="k" variable-name="" />'),
      ["warning formatted-value"],
    ],
    [
      "a fragment without a name",
      inbound('<include-fragment fragment-id="" />'),
      ["warning formatted-value"],
    ],
    ["half a second", backend('<forward-request timeout="0.5" />'), ["warning number-value 0.5"]],
    [
      "too many attempts",
      backend('<retry condition="@(true)" count="51" interval="1"><forward-request /></retry>'),
      ["error number-range 51"],
    ],
    [
      "an interval above its maximum",
      backend(
        '<retry condition="@(true)" count="3" interval="9" max-interval="5" delta="1"><forward-request /></retry>',
      ),
      ["warning ordered-values 9"],
    ],
    [
      "a word for a number",
      inbound('<limit-concurrency key="k" max-count="three" />'),
      ["error number-value three"],
    ],
    ["a described number", outbound('<cache-store duration="seconds" />'), ["warning number-value seconds"]],
    [
      "a boolean in capitals",
      inbound('<rewrite-uri template="/a" copy-unmatched-params="True" />'),
      ["warning boolean-value True"],
    ],
    [
      "a value in other case",
      inbound('<ip-filter action="Allow"><address>10.0.0.1</address></ip-filter>'),
      ["warning enum-value Allow"],
    ],
    [
      "a value of the schema only",
      inbound(
        '<llm-token-limit counter-key="k" estimate-prompt-tokens="true" token-quota="5" token-quota-period="Indefinite" />',
      ),
      ["warning enum-value Indefinite"],
    ],
    [
      "an expression in a name",
      inbound('<set-variable name="@("a")" value="b" />'),
      ['error expression-not-allowed @("a")'],
    ],
    [
      "an expression as the source of a trace",
      inbound('<trace source="@(context.Api.Name)"><message>a</message></trace>'),
      ["warning expression-not-allowed @(context.Api.Name)"],
    ],
    [
      "a computed fragment",
      inbound('<include-fragment fragment-id="@("a")" />'),
      ['error expression-not-allowed @("a")'],
    ],
    [
      "an expression as text of set-header",
      inbound('<set-header name="a" exists-action="override">@("{0}")</set-header>'),
      ["error text-not-allowed set-header"],
    ],
    [
      "a section of other sources",
      outbound("<set-method>GET</set-method>"),
      ["warning policy-in-wrong-section set-method"],
    ],
    [
      "a resolver in an API",
      inbound(
        "<http-data-source><http-request><set-method>GET</set-method><set-url>https://a.example</set-url></http-request></http-data-source>",
      ),
      ["error policy-in-wrong-section http-data-source"],
    ],
    [
      "cors twice",
      inbound("<cors><allowed-origins><origin>*</origin></allowed-origins></cors>".repeat(2)),
      ["error duplicate-policy cors"],
    ],
    [
      "the same lookup twice",
      inbound('<cache-lookup-value key="a" variable-name="b" />'.repeat(2)),
      ["info duplicate-policy cache-lookup-value"],
    ],
    [
      "wait in retry",
      backend(
        '<retry condition="@(true)" count="1" interval="1"><wait><choose><when condition="@(true)" /></choose></wait></retry>',
      ),
      ["error wait-inside-retry wait"],
    ],
    [
      "a backwards range",
      inbound('<ip-filter action="allow"><address-range from="::2" to="::1" /></ip-filter>'),
      ["warning ip-address-value ::2"],
    ],
    [
      "a quota by minutes",
      inbound('<quota-by-key calls="1" renewal-period="60" counter-key="k" />'),
      ["error quota-period 60"],
    ],
    [
      "a proxy over https",
      inbound('<proxy url="https://proxy.example:8080" />'),
      ["warning url-value https://proxy.example:8080"],
    ],
    [
      "an attribute without effect in outbound",
      outbound('<llm-content-safety backend-id="b" enforce-on-completions="true" />'),
      ["warning ignored-attribute enforce-on-completions"],
    ],
    [
      "an audience list without audience",
      jwt("<audiences />"),
      ["warning missing-one-of-children audiences"],
    ],
  ])("%s", (_, source, expected) => {
    const found = briefly(source);
    for (const each of expected) expect(found.some((one) => one.startsWith(each))).toBe(true);
    expect(found).toHaveLength(expected.length);
  });
});

describe("what is not found", () => {
  it.each([
    [
      "comments anywhere",
      "<!-- a --><policies><!-- b --><inbound><!-- c --><base /><choose><!-- d --><when condition='@(true)'><!-- e --></when></choose></inbound></policies>",
    ],
    [
      "a dimension that token metrics fill in",
      inbound('<llm-emit-token-metric><dimension name="Backend ID" /></llm-emit-token-metric>'),
    ],
    ["a header's name that is filled in later", header("x-{0}-${name}-#{more}#")],
    ["id on any policy", inbound('<set-method id="a">GET</set-method>')],
    [
      "named values for typed attributes",
      inbound(
        '<rate-limit-by-key calls="{{calls}}" renewal-period="{{period}}" counter-key="{{key}}" increment-condition="{{on}}" />',
      ),
    ],
    [
      "placeholders of deployment tools",
      inbound(
        '<rate-limit-by-key calls="${calls}" renewal-period="#{period}#" counter-key="k" increment-count="__COUNT__" />',
      ),
    ],
    ["placeholders as text of a section", inbound("<base />${more_policies}")],
    ["computed numbers", inbound('<rate-limit-by-key calls="@(10)" renewal-period="60" counter-key="k" />')],
    [
      "raw XML in a body",
      inbound("<return-response><set-body><a b='c'>text<wait/></a></set-body></return-response>"),
    ],
    [
      "a stylesheet with attributes of its own",
      outbound(
        '<xsl-transform><xsl:transform version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" exclude-result-prefixes="x"><a>b</a></xsl:transform></xsl-transform>',
      ),
    ],
    [
      "the same policy in two branches",
      inbound(
        '<choose><when condition="@(true)"><rate-limit calls="1" renewal-period="60" /></when><otherwise><rate-limit calls="2" renewal-period="60" /></otherwise></choose>',
      ),
    ],
    ["a header deleted without value", inbound('<set-header name="a" exists-action="delete" />')],
    [
      "a resolver by itself",
      "<http-data-source><http-request><set-method>GET</set-method><set-url>https://a.example</set-url></http-request></http-data-source>",
    ],
    ["text in trace", inbound('<trace source="a">plain</trace>')],
    ["no key for unsigned tokens", inbound('<validate-jwt header-name="a" require-signed-tokens="false" />')],
    [
      "policies of any section in a fragment",
      '<fragment><forward-request /><rewrite-uri template="/a" /></fragment>',
    ],
    ["white space around numbers", inbound('<limit-concurrency key="k" max-count=" 3 " />')],
  ])("%s", (_, source) => expect(findAll(source)).toEqual([]));
});

describe("scope and tier", () => {
  const quota = inbound('<quota calls="1" renewal-period="3600" />');
  const dapr = inbound('<publish-to-dapr topic="a/b">x</publish-to-dapr>');

  it.each<[string, PolicyContextOptions, string[]]>([
    [quota, {}, []],
    [quota, { scope: "product" }, []],
    [quota, { scope: "operation" }, ["error policy-in-wrong-scope quota"]],
    [
      inbound(
        '<check-header name="a" failed-check-httpcode="401" failed-check-error-message="m" ignore-case="true" />',
      ),
      { scope: "workspace" },
      ["warning policy-in-wrong-scope check-header"],
    ],
    [inbound("<cross-domain />"), { scope: "api" }, ["warning policy-in-wrong-scope cross-domain"]],
    [dapr, { sku: "Premium" }, []],
    [dapr, { sku: "Consumption" }, ["error policy-not-on-tier publish-to-dapr"]],
    [dapr, { sku: "StandardV2" }, ["warning policy-not-on-tier publish-to-dapr"]],
    [dapr, { sku: "Unheard-of" }, []],
  ])("%s at %j", (source, options, expected) => expect(briefly(source, options)).toEqual(expected));
});

describe("what an included fragment brings", () => {
  const parsed = parsePolicyDocument(
    '<fragment><choose><when condition="@(true)"><rewrite-uri template="/a" /></when></choose><quota calls="1" renewal-period="3600" /></fragment>',
    { dialect: "auto" },
  );
  const fragments = new Map(parsed.ok ? [["paths", parsed.document]] : []);
  const include = (id: string) => `<include-fragment fragment-id="${id}" />`;

  it.each<[string, PolicyContextOptions, string[]]>([
    [inbound(include("paths")), {}, []],
    [
      outbound(include("Paths")),
      {},
      [
        "the fragment `Paths` holds `quota`, which cannot stand in `outbound`",
        "the fragment `Paths` holds `rewrite-uri`, which cannot stand in `outbound`",
      ],
    ],
    [
      inbound(include("paths")),
      { scope: "api" },
      ["the fragment `paths` holds `quota`, which cannot stand in a document of api scope"],
    ],
    [inbound(include("paths")), { scope: "product" }, []],
    [outbound(include("other")), {}, []],
    [outbound(include("{{id}}")), {}, []],
  ])("%s at %j", (source, options, messages) => {
    const found = findAll(source, { fragments, ...options }) ?? [];
    expect(found.map(({ message }) => message)).toEqual(messages);
    expect(found.every(({ severity, line }) => severity === "warning" && line === 1)).toBe(true);
  });
});

describe("references", () => {
  const known = {
    backends: ["Orders"],
    fragments: ["limits"],
    loggers: ["audit"],
    namedValues: ["api-key"],
    certificates: ["client"],
  };
  const found = (policies: string): Found[] => findAll(inbound(policies), { known }) ?? [];

  it.each([
    ['<set-backend-service backend-id="orders" />'],
    ['<set-backend-service backend-id="@("x")" />'],
    ['<set-backend-service backend-id="{{api-key}}" />'],
    ['<set-backend-service backend-id="${backend}" />'],
    ['<set-backend-service backend-id="dapr" dapr-app-id="a" dapr-method="b" />'],
    ['<include-fragment fragment-id="limits" />'],
    ['<authentication-certificate certificate-id="client" />'],
  ])("accepts %s", (policies) => expect(found(policies)).toEqual([]));

  it.each([
    ['<set-backend-service backend-id="order" />', "unknown-backend", "order", "did you mean `Orders`?"],
    ['<include-fragment fragment-id="limit" />', "unknown-fragment", "limit", "did you mean `limits`?"],
    [
      '<authentication-certificate certificate-id="clients" />',
      "unknown-certificate",
      "clients",
      "did you mean `client`?",
    ],
    [
      '<set-variable name="a" value="@("{{api-key}}" + "{{Api-Key}}")" />',
      "unknown-named-value",
      "Api-Key",
      "did you mean `api-key`?",
    ],
    [
      "<set-method>{{MY_METHOD}}</set-method>",
      "unknown-named-value",
      "MY_METHOD",
      "create the named value before this document is saved",
    ],
  ])("finds the name in %s", (policies, rule, marked, help) => {
    expect(found(policies)).toMatchObject([{ rule, marked, help, severity: "error" }]);
  });

  it("checks nothing when nothing is known", () => {
    expect(findAll(inbound('<set-backend-service backend-id="any" />'))).toEqual([]);
  });
});
