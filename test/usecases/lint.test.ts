/** `apimgw lint` on what only the whole spec tells. */
import { expect, it } from "vitest";
import { lint } from "../../src/usecases/lint.ts";
import { memoryFiles } from "./local-project.ts";

const openapi = {
  openapi: "3.0.1",
  info: { title: "Orders", version: "1" },
  paths: {
    "/orders/{order-id}/files/{*path}": {
      get: {
        operationId: "get",
        parameters: [
          { name: "order-id", in: "path", required: true, schema: { type: "string" } },
          { $ref: "#/components/parameters/version" },
        ],
        responses: {},
      },
    },
  },
  components: {
    parameters: { version: { name: "api-version", in: "query", required: true, schema: { type: "string" } } },
  },
};

async function found(template: string, api: Readonly<Record<string, unknown>>): Promise<string[]> {
  const operation = {
    backend: "b",
    policies: { inbound: `<base />\n<rewrite-uri template="${template}" />` },
  };
  const spec = {
    apimgw: 1,
    name: "team-a",
    service: {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroup: "rg",
      name: "contoso-apim",
    },
    backends: { b: { url: "https://example.com" } },
    apis: { orders: { ...api, inheritance: "keep", operations: { get: operation } } },
  };
  const texts = { "gateway.yaml": JSON.stringify(spec), "orders.json": JSON.stringify(openapi) };
  const { result } = await lint(
    memoryFiles(texts),
    { file: "gateway.yaml", variables: {} },
    { severities: new Map() },
  );
  const problems = result.problems.filter(({ rule }) => rule === "unknown-template-parameter");
  return problems.map(({ severity, at, message }) => `${severity} ${at.file}: ${message}`);
}

const imported = { path: "orders", openapi: "orders.json" };
const none = (name: string) => `error gateway.yaml: the operation has no parameter \`${name}\``;

it.each([
  ["a parameter of the path", "/v2/{order-id}?path={path}", []],
  ["another case", "/v2/{Order-Id}", []],
  ["a query parameter that becomes one of the template", "/v2?v={api-version}", []],
  ["what is filled in", "/v2/{{version}}/#{stage}#/{0}", []],
  ["an expression", "@(&quot;/v2/{id}&quot;)", []],
  ["another name", "/v2/{id}", [none("id")]],
  ["another name in the query", "/v2?a={id}&b={order-id}&c={c}", [none("c"), none("id")]],
])("takes in the template of rewrite-uri only what the operation has: %s", async (_, template, expected) => {
  expect(await found(template, imported)).toEqual(expected);
});

it("says nothing of an API whose operations it does not know", async () => {
  expect(await found("/v2/{id}", {})).toEqual([]);
});

it("hands on the severities that count, those of the command line over those of the spec", async () => {
  const spec = {
    apimgw: 1,
    name: "team-a",
    service: {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroup: "rg",
      name: "contoso-apim",
    },
    lint: { rules: { "base-missing": "error", "baseline-outdated": "off" } },
  };
  const { severities } = await lint(
    memoryFiles({ "gateway.yaml": JSON.stringify(spec) }),
    { file: "gateway.yaml", variables: {} },
    { severities: new Map([["base-missing", "info"]]) },
  );
  expect(Object.fromEntries(severities)).toEqual({ "base-missing": "info", "baseline-outdated": "off" });
});
