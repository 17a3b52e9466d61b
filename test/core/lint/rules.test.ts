import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/core/compile/compile.ts";
import { lintModel } from "../../../src/core/lint/lint-model.ts";
import { rules } from "../../../src/core/lint/rules/index.ts";
import type { Problem } from "../../../src/core/problem.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../../../src/core/spec/policy-xml-places.ts";

const head = `apimgw: 1
name: example
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
`;

function problemsOf(example: string): Problem[] {
  const { parsed, problems } = parseSpec(head + example, { file: "gateway.yaml", variables: {} });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  if (parsed === undefined) throw new Error("the example is not a sound spec");
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }) => [
      pointer,
      { pointer, text: typeof xml === "string" ? xml : "" },
    ]),
  );
  const { model } = compile({ parsed, openApi: new Map(), policySources });
  return lintModel({ spec: parsed.spec, source: parsed.source, model });
}

describe("every rule proves itself", () => {
  for (const rule of rules) {
    it(`${rule.id} finds its bad example, at a place inside it`, () => {
      const found = problemsOf(rule.examples.bad).filter((problem) => problem.rule === rule.id);
      expect(found).not.toEqual([]);
      for (const { at, severity } of found) {
        expect(severity).toBe(rule.severity);
        expect(at.line).toBeGreaterThan(3);
      }
    });
    it(`${rule.id} accepts its good example`, () => {
      expect(problemsOf(rule.examples.good).filter((problem) => problem.rule === rule.id)).toEqual([]);
    });
  }
});

it("the table holds every rule file, under the file's name", () => {
  const folder = resolve(import.meta.dirname, "../../../src/core/lint/rules");
  const files = readdirSync(folder).filter((name) => name !== "index.ts");
  expect(rules.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});
