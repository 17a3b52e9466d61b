import { describe, expect, it } from "vitest";
import { createPolicyContext } from "../../../../../src/core/lint/policy/policy-context.ts";
import type { PolicyContextOptions } from "../../../../../src/core/lint/policy/policy-context.ts";
import type { PolicyFinding } from "../../../../../src/core/lint/policy/policy-rule.ts";
import { practiceRules } from "../../../../../src/core/lint/policy/practice/index.ts";
import { parsePolicyDocument } from "../../../../../src/core/policy/parse.ts";

function findingsOf(id: string, text: string, options: PolicyContextOptions = {}): PolicyFinding[] {
  const parsed = parsePolicyDocument(text, { dialect: "auto" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  const rule = practiceRules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return [...rule.check(createPolicyContext(parsed.document, { source: text, ...options }))];
}

const policies = (inbound: string, backend = "<base />", outbound = "<base />"): string =>
  `<policies><inbound><base />${inbound}</inbound><backend>${backend}</backend><outbound>${outbound}</outbound></policies>`;

const setHeader = (name: string, value: string): string =>
  `<set-header name="${name}" exists-action="override"><value>${value}</value></set-header>`;

const header = (name: string, value: string): string => policies(setHeader(name, value));

describe("examples of the practice rules", () => {
  it.each(practiceRules.map((rule) => [rule.id, rule] as const))("%s", (id, { examples }) => {
    const count = (example: typeof examples.bad): number => {
      if (typeof example === "string") return findingsOf(id, example).length;
      const { text, scope, sku } = example;
      return findingsOf(id, text, { scope, sku }).length;
    };
    expect(count(examples.bad)).toBeGreaterThan(0);
    expect(count(examples.good)).toBe(0);
  });
});

describe("fixes", () => {
  const retry = (forward: string): string =>
    policies(
      "",
      `<retry condition="@(context.Response.StatusCode == 429)" count="2" interval="1">${forward}</retry>`,
    );
  const limit = `counter-key="a" tokens-per-minute="5" estimate-prompt-tokens="true"`;
  const custom = (count: number): string =>
    Array.from({ length: count }, (_, index) => `<dimension name="d${index}" value="x" />`).join("");

  it.each([
    [
      "retry-without-buffered-body",
      retry("<forward-request />"),
      retry('<forward-request buffer-request-body="true" />'),
    ],
    [
      "retry-without-buffered-body",
      retry("<forward-request\n  timeout='60'></forward-request>"),
      retry(`<forward-request\n  timeout='60' buffer-request-body="true"></forward-request>`),
    ],
    [
      "retry-without-buffered-body",
      retry('<forward-request buffer-request-body="false" />'),
      retry('<forward-request buffer-request-body="true" />'),
    ],
    [
      "azure-openai-policy-superseded",
      policies(`<azure-openai-token-limit ${limit} />`),
      policies(`<llm-token-limit ${limit} />`),
    ],
    [
      "azure-openai-policy-superseded",
      policies(`<azure-openai-emit-token-metric><!-- who -->${custom(2)}</azure-openai-emit-token-metric >`),
      policies(`<llm-emit-token-metric><!-- who -->${custom(2)}</llm-emit-token-metric >`),
    ],
  ])("%s", (id, before, after) => {
    const [fix, ...more] = findingsOf(id, before).flatMap((found) => found.fix ?? []);
    expect(more).toEqual([]);
    const { start, end } = fix!.range;
    expect(before.slice(0, start.offset) + fix!.text + before.slice(end.offset)).toBe(after);
    expect(findingsOf(id, after)).toEqual([]);
  });

  it("does not rename a metric whose attributes the general policy does not take", () => {
    const found = findingsOf(
      "azure-openai-policy-superseded",
      policies(`<azure-openai-emit-token-metric>${custom(6)}</azure-openai-emit-token-metric>`),
    );
    expect(found.map(({ fix }) => fix)).toEqual([undefined]);
  });
});

describe("what must not be found", () => {
  it.each([
    ["literal-secret", header("api-key", "your-api-key-goes-here-1")],
    ["literal-secret", header("Authorization", "Bearer {{token}}")],
    ["literal-secret", header("api-key", "__OPENAI_KEY_1__")],
    ["literal-secret", header("x-correlation", "p8Zq2vLr7TnYw4KdXc1Hs9")],
    ["literal-secret", header("x-correlation", "d2e8b5970a4c3f2a9c81abcdef4b7fa1")],
    ["literal-secret", header("api-key", "0123456789abcdef0123456789abcdef")],
    ["literal-secret", header("api-key", "00000000000000000000000000000000")],
    ["literal-secret", header("api-key", "a1b2c3d4e5f60718a1b2c3d4e5f60718")],
    ["literal-secret", header("api-key", "{{openai-key}}")],
    ["literal-secret", header("x-trace", `@("d2e8b5970a4c3f2a9c81abcdef4b7fa1")`)],
    ["literal-secret", policies(`<set-backend-service base-url="https://a/?subscription-key={{key}}" />`)],
    ["literal-secret", header("Authorization", `@("Bearer " + (string)context.Variables["token"])`)],
    [
      "unreachable-after-response",
      policies(`<choose><when condition="@(true)"><mock-response /></when></choose>`),
    ],
    ["retry-without-buffered-body", policies("", "<forward-request />")],
    [
      "response-read-before-backend",
      policies(
        `<rate-limit-by-key calls="1" renewal-period="60" counter-key="a" increment-condition="@(context.Response.StatusCode == 200)" />`,
      ),
    ],
    ["stream-buffered", policies("", "<forward-request />")],
    ["base-missing", `<policies><inbound /><backend><forward-request /></backend><outbound /></policies>`],
    ["backend-over-plain-http", policies(`<set-backend-service base-url="http://orders" />`)],
    [
      "cache-half-missing",
      policies(
        `<include-fragment fragment-id="a" /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />`,
      ),
    ],
  ])("%s", (id, text) => {
    expect(findingsOf(id, text)).toEqual([]);
  });
});

describe("forwarding at global scope, where base has nothing to run", () => {
  const scope = "global";

  it.each([
    ["base alone", policies(""), 1],
    ["a section without policies", policies("", ""), 1],
    ["no section", "<policies><inbound /></policies>", 1],
    ["forward-request", policies("", "<forward-request />"), 0],
    ["what a template fills in", policies("", "${backend}"), 0],
    ["a fragment", policies("", '<include-fragment fragment-id="a" />'), 0],
    ["an answer in inbound", policies("<mock-response />"), 0],
  ])("%s", (_, text, count) => {
    expect(findingsOf("backend-without-forward-request", text, { scope })).toHaveLength(count);
  });

  it.each(["api", undefined] as const)("is no matter at scope %s", (other) => {
    const text = "<policies><inbound /></policies>";
    expect(findingsOf("backend-without-forward-request", text, { scope: other })).toEqual([]);
    expect(findingsOf("backend-without-forward-request", policies(""), { scope: other })).toEqual([]);
  });
});

describe("secrets in plain text", () => {
  it.each([
    [
      "connection string",
      `<set-variable name="c" value="AccountName=a;AccountKey=Zm9vYmFyMTIzNDU2Nzg5MGFzZGZnaGprbA==" />`,
    ],
    [
      "SAS",
      `<set-backend-service base-url="https://a.example/x?sv=2022&amp;sig=aB3%2FdE6fGh9JkLmN0pQrStUv" />`,
    ],
    ["token in code", `<set-variable name="c" value="@(&quot;Bearer aB3dE6fGh9JkLmN0pQrStUv4&quot;)" />`],
    ["password", `<authentication-basic username="a" password="hunter22" />`],
    ["hex key", setHeader("Ocp-Apim-Subscription-Key", "d2e8b5970a4c3f2a9c81abcdef4b7fa1")],
    ["hex key with a row of zeros", setHeader("api-key", "d2e80000970a4c3f2a9c81b5d34b7fa1")],
    ["hex key in code", setHeader("Authorization", `@("d2e8b5970a4c3f2a9c81b5d34b7fa100")`)],
    [
      "hex key in an address",
      `<set-backend-service base-url="https://a.example/x?api-key=d2e8b5970a4c3f2a9c81b5d34b7fa100" />`,
    ],
    [
      "key with a mark",
      `<set-variable name="a" value="${"aB3dE6fGh9Jkx".repeat(4)}JQQJ99CDaB3dE6fGh9JkLmNpa1234567" />`,
    ],
  ])("%s", (_, inbound) => {
    expect(findingsOf("literal-secret", policies(inbound))).toHaveLength(1);
  });
});

describe("answers that are passed on as they come", () => {
  const streaming = (outbound: string): string =>
    policies("", '<forward-request buffer-response="false" />', `<base />${outbound}`);
  const read = "@(context.Response.Body.As<string>(preserveContent: true))";

  it.each([
    ["response-body-read-breaks-streaming", `<set-variable name="a" value="${read}" />`],
    ["response-body-read-breaks-streaming", `<log-to-eventhub logger-id="a">${read}</log-to-eventhub>`],
    ["body-policy-breaks-streaming", '<llm-semantic-cache-store duration="60" />'],
    ["body-policy-breaks-streaming", '<cache-store duration="60" />'],
  ])("%s: %s", (id, outbound) => {
    expect(findingsOf(id, streaming(outbound))).toHaveLength(1);
    expect(findingsOf(id, policies("", "<forward-request />", `<base />${outbound}`))).toEqual([]);
  });
});

describe("the api-version of a call to Azure OpenAI", () => {
  const dated = "https://a.openai.azure.com/openai/deployments/gpt/chat/completions";
  const v1 = "https://a.openai.azure.com/openai/v1/responses";
  const sent = (url: string): string =>
    policies(`<send-request mode="new" response-variable-name="r"><set-url>${url}</set-url></send-request>`);

  const setFor = (url: string): string =>
    policies(
      `<set-backend-service base-url="${url}" /><set-query-parameter name="api-version" exists-action="override"><value>2024-10-21</value></set-query-parameter>`,
    );

  it.each([
    ["missing", sent(dated), 1],
    ["missing among others", sent(`${dated}?a=b`), 1],
    ["given", sent(`${dated}?a=b&amp;api-version=2024-10-21`), 0],
    ["filled in later", sent("https://a.openai.azure.com/openai/deployments/{{path}}"), 0],
    ["computed", sent(`@(&quot;${dated}&quot;)`), 0],
    ["of another host", sent("https://a.example/openai/deployments/gpt/chat/completions"), 0],
    ["left out of a v1 path", sent(v1), 0],
    ["v1 of a v1 path", sent(`${v1}?api-version=preview`), 0],
    ["dated on a v1 path", sent(`${v1}?api-version=2024-10-21`), 1],
    [
      "dated on a rewritten v1 path",
      policies('<rewrite-uri template="/openai/v1/responses?api-version=2024-10-21" />'),
      1,
    ],
    ["dated for a v1 backend", setFor("https://a.openai.azure.com/openai/v1"), 1],
    ["dated for a dated backend", setFor("https://a.openai.azure.com/openai"), 0],
    ["that the client sends", policies('<rewrite-uri template="/openai/deployments/gpt/embeddings" />'), 0],
  ])("%s", (_, text, count) => {
    expect(findingsOf("openai-api-version", text)).toHaveLength(count);
  });
});
