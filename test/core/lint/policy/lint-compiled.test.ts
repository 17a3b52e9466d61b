import { expect, it } from "vitest";
import { compile } from "../../../../src/core/compile/compile.ts";
import { lintCompiledPolicies } from "../../../../src/core/lint/policy/lint-compiled.ts";
import type { Problem } from "../../../../src/core/problem.ts";
import { parseSpec } from "../../../../src/core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../../../../src/core/spec/policy-xml-places.ts";

const head = `apimgw: 1
name: example
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
`;

function lint(example: string, before = head): Problem[] {
  const { parsed } = parseSpec(before + example, { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error("the example is not a sound spec");
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }) => [
      pointer,
      { pointer, text: typeof xml === "string" ? xml : "" },
    ]),
  );
  const { model, handWritten, elementKeys } = compile({ parsed, openApi: new Map(), policySources });
  return lintCompiledPolicies({ ...parsed, model, handWritten, elementKeys });
}

function problemsOf(example: string): string[] {
  return lint(example).map(({ at, message }) => `${at.line}:${at.column} ${message}`);
}

it("looks into the fragments that hand-written policies include", () => {
  const found = lint(`backends: { a: { url: "https://a.example" } }
fragments:
  paths: <rewrite-uri template="/v2" />
apis:
  orders:
    operations:
      list:
        backend: a
        policies:
          inbound: <include-fragment fragment-id="paths" />
          outbound: <include-fragment fragment-id="paths" />
`);
  expect(found.map(({ rule, severity, at }) => [rule, severity, at.line])).toEqual([
    ["policy-in-wrong-section", "warning", 14],
  ]);
});

it("says once that fragments of a spec include each other, in the user's text", () => {
  const found = problemsOf(`fragments:
  a: '<include-fragment fragment-id="b" />'
  b: '<include-fragment fragment-id="a" />'
`);
  expect(found.filter((text) => text.includes("ring"))).toEqual([
    "6:38 fragments include each other in a ring: `a` → `b` → `a`",
  ]);
});

it("takes fragments that include others for no ring", () => {
  const found = problemsOf(`fragments:
  a: '<include-fragment fragment-id="b" />'
  b: '<set-method>GET</set-method>'
`);
  expect(found).toEqual(["5:8 a fragment cannot include another fragment"]);
});

it("tells of comments that switch nothing off, in the user's text", () => {
  const found = problemsOf(`backends: { a: { url: "https://a.example" } }
apis:
  orders:
    operations:
      list:
        backend: a
        policies:
          inbound: |
            <!-- apimgw-disable-next-line nonsense for no reason -->
            <set-method>GET</set-method>
            <!-- apimgw-disable-next-line literal-secret it was one -->
            <set-header name="x" exists-action="delete" />
            <!-- apimgw-disable -->
`);
  expect(found).toEqual([
    "12:13 there is no rule `nonsense`",
    "14:13 `literal-secret` is switched off and finds nothing here",
    "16:13 this comment switches nothing off",
  ]);
});

it("wants a reason for what a comment switches off", () => {
  const found = problemsOf(`backends: { a: { url: "https://a.example" } }
apis:
  orders:
    policies:
      inbound: |
        <!-- apimgw-disable-next-line address-from-client -->
        <set-variable name="ip" value="@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For",""))" />
    operations: { list: { backend: a } }
`);
  expect(found).toContain("9:9 `address-from-client` is switched off without a reason");
});

it.each([
  ["llm-token-limit", "tokenLimit: { tokensPerMinute: 100 }"],
  ["llm-token-limit", "tokenLimit: [{ tokensPerMinute: 100 }]"],
  ["rate-limit-by-key", "rateLimit: { calls: 3, period: 1m, counterKey: product }"],
  ["quota-by-key", "quota: { calls: 3, period: 1h, counterKey: product }"],
])("says at the key of a product that Consumption lacks %s: %s", (policy, key) => {
  const consumption = head.replace("name: apim }", "name: apim, sku: Consumption }");
  const product = `products:
  team-a:
    displayName: Team A
    ${key}
`;
  const found = lint(product, consumption).map(({ rule, severity, at, message }) => [
    rule,
    severity,
    at.line,
    message,
  ]);
  expect(found).toEqual([
    ["policy-not-on-tier", "error", 7, `\`${policy}\` is not available in the tier Consumption`],
  ]);
  expect(lint(product, head)).toEqual([]);
});

it("takes limits by subscription on Consumption", () => {
  const consumption = head.replace("name: apim }", "name: apim, sku: Consumption }");
  const product = `products:
  team-a: { rateLimit: { calls: 3, period: 1m }, quota: { calls: 3, period: 1h } }
`;
  expect(lint(product, consumption)).toEqual([]);
});
