import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/core/compile/compile.ts";
import { lintModel } from "../../../src/core/lint/lint-model.ts";
import { rules } from "../../../src/core/lint/rules/index.ts";
import type { OpenApiDocument } from "../../../src/core/openapi/document.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import type { Problem } from "../../../src/core/problem.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";
import type { GatewaySpec } from "../../../src/core/spec/schema.ts";
import { policyXmlPlaces } from "../../../src/core/spec/policy-xml-places.ts";

const head = `apimgw: 1
name: example
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
`;

const ownDocuments = resolve(import.meta.dirname, "../../../templates/openapi");

/** Line for line as long, whether the example has a service of its own or not. */
function withHead(example: string): string {
  return /^service:/m.test(example) ? head.replace(/^service:.*$/m, "#") + example : head + example;
}

function problemsOf(example: string): Problem[] {
  const { parsed, problems } = parseSpec(withHead(example), { file: "gateway.yaml", variables: {} });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  if (parsed === undefined) throw new Error("the example is not a sound spec");
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }) => [
      pointer,
      { pointer, text: typeof xml === "string" ? xml : "" },
    ]),
  );
  const { model } = compile({ parsed, openApi: documentsOf(parsed.spec), policySources });
  return lintModel({ spec: parsed.spec, source: parsed.source, model });
}

/** The documents that come with apimgw, where an API names one. */
function documentsOf({ apis = {} }: GatewaySpec): Map<string, OpenApiDocument> {
  const found = Object.entries(apis).flatMap(([id, { openapi = "" }]): [string, OpenApiDocument][] => {
    const file = join(ownDocuments, `${openapi.replace("@", "-")}.json`);
    const parsed = existsSync(file) ? parseOpenApi(readFileSync(file, "utf8"), file) : undefined;
    return parsed?.ok === true ? [[id, parsed.document]] : [];
  });
  return new Map(found);
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

const breaker =
  "circuitBreaker: { count: 2, interval: 1m, statusCodes: [429], tripDuration: 1m, acceptRetryAfter: true }";
const openai = (operation: string, urls: readonly string[] = ["https://a.example", "https://b.example"]) => `
backends:
  a: { url: "${urls[0] ?? ""}", ${breaker} }
  b: { url: "${urls[1] ?? ""}" }
pools: { chat: { members: [{ backend: a, priority: 1 }, { backend: b, priority: 2 }] } }
apis: { openai: { operations: { Chat: { ${operation} } } } }`;
const forms = ["https://a.openai.azure.com/openai/", "https://b.openai.azure.com/openai/v1"];

it.each([
  ["retry-beyond-pool", "as many as it takes", openai("backend: chat, retry: { count: 2 }"), 0],
  ["retry-beyond-pool", "one more", openai("backend: chat, retry: { count: 3 }"), 1],
  ["retry-beyond-pool", "with a wait", openai("backend: chat, retry: { count: 9, interval: 5s }"), 0],
  ["retry-beyond-pool", "worked out", openai("backend: chat, retry: true"), 0],
  ["breaker-without-way-out", "alone", openai("backend: a"), 1],
  ["breaker-without-way-out", "with a fallback", openai("backend: a, fallback: [b]"), 0],
  ["breaker-without-way-out", "in a pool", openai("backend: chat"), 0],
  ["breaker-without-way-out", "never called", openai("backend: b"), 0],
  ["openai-forms-mixed", "in a pool", openai("backend: chat", forms), 1],
  ["openai-forms-mixed", "in a fallback", openai("backend: a, fallback: [b]", forms), 1],
  ["openai-forms-mixed", "in different operations", openai("backend: b", forms), 0],
])("%s: %s", (rule, _, example, count) => {
  expect(problemsOf(example).filter((problem) => problem.rule === rule)).toHaveLength(count);
});
