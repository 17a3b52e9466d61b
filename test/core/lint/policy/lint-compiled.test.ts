import { expect, it } from "vitest";
import { compile } from "../../../../src/core/compile/compile.ts";
import { lintCompiledPolicies } from "../../../../src/core/lint/policy/lint-compiled.ts";
import { parseSpec } from "../../../../src/core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../../../../src/core/spec/policy-xml-places.ts";

const spec = `apimgw: 1
name: example
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
backends: { a: { url: "https://a.example" } }
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
`;

it("looks into the fragments that hand-written policies include", () => {
  const { parsed, problems } = parseSpec(spec, { file: "gateway.yaml", variables: {} });
  expect(problems).toEqual([]);
  if (parsed === undefined) throw new Error("the example is not a sound spec");
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }) => [
      pointer,
      { pointer, text: typeof xml === "string" ? xml : "" },
    ]),
  );
  const { model, handWritten } = compile({ parsed, openApi: new Map(), policySources });
  const found = lintCompiledPolicies({ ...parsed, model, handWritten });
  expect(found.map(({ rule, severity, at }) => [rule, severity, at.line])).toEqual([
    ["policy-in-wrong-section", "warning", 14],
  ]);
});
