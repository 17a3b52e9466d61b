import { describe, expect, it } from "vitest";
import { compile } from "../../../src/core/compile/compile.ts";
import type { PolicySource } from "../../../src/core/compile/hand-written.ts";
import { printForDiff } from "../../../src/core/policy/canonical.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../../../src/core/spec/policy-xml-places.ts";

/** Documents by path, and the rules of the problems, of a spec with one API. */
function compileApi(api: object): { documents: Readonly<Record<string, string>>; rules: readonly string[] } {
  const spec = {
    apimgw: 1,
    name: "x",
    service: { subscriptionId: "00000000-0000-0000-0000-000000000001", resourceGroup: "rg", name: "apim" },
    backends: { a: { url: "https://a.example" } },
    apis: { api },
  };
  const { parsed, problems } = parseSpec(JSON.stringify(spec), { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).flatMap(({ pointer, xml }): [string, PolicySource][] =>
      typeof xml === "string" ? [[pointer, { pointer, text: xml }]] : [],
    ),
  );
  const compiled = compile({ parsed, openApi: new Map(), policySources });
  const documents = compiled.model.resources.flatMap(({ path, document }) =>
    document === undefined ? [] : [[path, printForDiff(document).replace(/\n\s*/g, "")] as const],
  );
  return { documents: Object.fromEntries(documents), rules: compiled.problems.map(({ rule }) => rule) };
}

const apiPath = "apis/api/policies/policy";
const operationPath = "apis/api/operations/Chat/policies/policy";
const rest = "<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>";

describe("policies of an API", () => {
  it("stand behind what the API's settings write, or where its <base /> says", () => {
    const policies = { inbound: "<cors />", outbound: "<trace /><base />" };
    const settings = { managedIdentity: "https://m", unlisted: "allow" };
    const identity = '<authentication-managed-identity resource="https://m" />';
    const { documents } = compileApi({ ...settings, policies });
    expect(documents[apiPath]).toBe(
      `<policies><inbound><base />${identity}<cors /></inbound><backend><base /></backend><outbound><trace /><base /></outbound><on-error><base /></on-error></policies>`,
    );
    const placed = compileApi({ ...settings, policies: { inbound: "<cors /><base />" } });
    expect(placed.documents[apiPath]).toBe(
      `<policies><inbound>${identity}<cors /><base /></inbound>${rest}</policies>`,
    );
  });

  it("stand behind the refusal that listed operations inherit, and are refused where nothing gets past it", () => {
    const policies = { inbound: "<cors />" };
    const operations = { Chat: { backend: "a" } };
    const { documents, rules } = compileApi({ inheritance: "keep", policies, operations });
    expect(documents[apiPath]).toMatch(
      /^<policies><inbound><base \/><choose>.*<\/choose><cors \/><\/inbound>/,
    );
    expect(rules).toEqual([]);
    expect(compileApi({ inheritance: "replace", policies, operations }).rules).toEqual([
      "unreachable-policies",
    ]);
  });

  it("can be the whole document, or left alone", () => {
    const document = "<!-- x --><policies><inbound><cors /></inbound></policies>";
    const whole = compileApi({ unlisted: "allow", policies: { document } });
    expect(whole.documents).toEqual({ [apiPath]: "<policies><inbound><cors /></inbound></policies>" });
    expect(compileApi({ unlisted: "allow", policies: false }).documents).toEqual({});
  });

  it("leave the token to the operations when the API's own document is not the spec's", () => {
    const api = { unlisted: "allow", inheritance: "keep", managedIdentity: "m", operations: { Chat: {} } };
    const identity = '<authentication-managed-identity resource="m" />';
    expect(compileApi(api).documents[operationPath]).not.toContain(identity);
    expect(compileApi({ ...api, policies: false }).documents[operationPath]).toContain(identity);
  });
});

describe("a whole document of an operation", () => {
  const operation = (document: string) => ({ operations: { Chat: { policies: { document } } } });

  it("stands as it is", () => {
    const document = "<policies><inbound /></policies>";
    expect(compileApi(operation(document)).documents[operationPath]).toBe(document);
  });

  it.each([
    ["<inbound />", "document-content"],
    ["<policies /><policies />", "document-content"],
    ["<policies>", "policy-syntax"],
    ["<policies><inbound><base /></inbound></policies>", "base-inherits-deny"],
  ])("is checked: %s", (document, rule) => {
    expect(compileApi(operation(document)).rules).toEqual([rule]);
  });
});
