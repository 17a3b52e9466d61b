import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import ajvFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { isJsonObject } from "../../src/core/json.ts";
import { listRules } from "../../src/core/lint/policy/rule-table.ts";
import type { Problem, Severity } from "../../src/core/problem.ts";
import { formatLintSarif } from "../../src/report/sarif.ts";

const problem = (rule: string, severity: Severity, more: Partial<Problem> = {}): Problem => ({
  rule,
  severity,
  message: "what is wrong",
  at: { file: "apis/a b/policy.xml", line: 3, column: 5, endLine: 3, endColumn: 9 },
  ...more,
});

const rules = listRules();

function runOf(problems: readonly Problem[]): { tool: Json; results: Json[]; columnKind: unknown } {
  const log: unknown = JSON.parse(formatLintSarif(problems, { version: "1.2.3", rules }));
  if (!isJsonObject(log)) throw new Error("SARIF is an object");
  expect(log["$schema"]).toBe("https://json.schemastore.org/sarif-2.1.0.json");
  expect(log["version"]).toBe("2.1.0");
  const { runs } = log as unknown as { runs: { tool: Json; results: Json[]; columnKind: unknown }[] };
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

type Json = Record<string, never>;

/** The official schema, as a package of Microsoft's ships it. It is of draft 4, whose `id` and `$schema` Ajv does not take. */
function officialSchema(): Record<string, unknown> {
  const path = createRequire(import.meta.url).resolve(
    "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
  );
  const schema: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isJsonObject(schema)) throw new Error("a schema is an object");
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !["id", "$schema"].includes(key)));
}

describe("SARIF", () => {
  it("has a run with the rules that found something, each with its help", () => {
    const { tool, results, columnKind } = runOf([
      problem("policy-syntax", "error"),
      problem("backend-unused", "warning"),
      problem("policy-syntax", "error"),
    ]);
    expect(columnKind).toBe("utf16CodeUnits");
    const { driver } = tool as unknown as {
      driver: { name: string; version: string; rules: { id: string }[] };
    };
    expect(driver).toMatchObject({ name: "apimgw", version: "1.2.3" });
    expect(driver.rules.map(({ id }) => id)).toEqual(["backend-unused", "policy-syntax"]);
    for (const rule of driver.rules) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.stringMatching(/\.$/) as string },
        fullDescription: { text: expect.any(String) as string },
        help: { text: expect.any(String) as string, markdown: expect.stringContaining("```") as string },
        defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) as string },
      });
    }
    const found = results as unknown as { ruleId: string; ruleIndex: number }[];
    for (const { ruleId, ruleIndex } of found) expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it.each<[Severity, string]>([
    ["error", "error"],
    ["warning", "warning"],
    ["info", "note"],
  ])("shows %s as %s", (severity, level) => {
    expect(runOf([problem("policy-syntax", severity)]).results).toMatchObject([{ level }]);
  });

  it("has places as URIs and regions, with help in the message", () => {
    const { results } = runOf([problem("policy-syntax", "error", { help: "what to do" })]);
    expect(results).toEqual([
      {
        ruleId: "policy-syntax",
        ruleIndex: 0,
        level: "error",
        message: { text: "what is wrong\nwhat to do" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "apis/a%20b/policy.xml", uriBaseId: "%SRCROOT%" },
              region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
            },
          },
        ],
      },
    ]);
  });

  it.each<[string, object]>([
    ["/abs/é.xml", { uri: "file:///abs/%C3%A9.xml" }],
    ["\\\\server\\p\\a.xml", { uri: "file://server/p/a.xml" }],
    ["C:\\p\\a.xml", { uri: "file:///C:/p/a.xml" }],
    ["../up.xml", { uri: "../up.xml", uriBaseId: "%SRCROOT%" }],
    ["a:b.xml", { uri: "./a:b.xml", uriBaseId: "%SRCROOT%" }],
    ["a#b?%.xml", { uri: "a%23b%3F%25.xml", uriBaseId: "%SRCROOT%" }],
    ["\ud800.xml", { uri: "%EF%BF%BD.xml", uriBaseId: "%SRCROOT%" }],
  ])("the file %j", (file, artifactLocation) => {
    const { results } = runOf([problem("policy-syntax", "error", { at: { file, line: 1, column: 1 } })]);
    expect(results).toMatchObject([
      { locations: [{ physicalLocation: { artifactLocation, region: { startLine: 1, startColumn: 1 } } }] },
    ]);
  });

  it("leaves out an end before the start", () => {
    const at = { file: "f", line: 2, column: 5, endLine: 2, endColumn: 4 };
    const { results } = runOf([problem("policy-syntax", "error", { at })]);
    const [first] = results as unknown as { locations: { physicalLocation: { region: object } }[] }[];
    expect(first?.locations[0]?.physicalLocation.region).toEqual({ startLine: 2, startColumn: 5 });
  });

  it("is sound without findings, and with rules it does not know", () => {
    expect(runOf([]).results).toEqual([]);
    const { tool } = runOf([problem("brand-new", "error")]);
    expect(tool).toMatchObject({ driver: { rules: [{ id: "brand-new" }] } });
  });

  it("is valid by the official schema, with every rule and every severity", () => {
    const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
    ajvFormats.default(ajv);
    const isValid = ajv.compile(officialSchema());
    const all = rules.map(({ id, severity }) => problem(id, severity, { help: "what to do" }));
    const places = ["/abs/é.xml", "C:\\p\\a.xml", "../up.xml", "a:b.xml", "a#b?%.xml"].map((file) =>
      problem("policy-syntax", "error", { at: { file, line: 1, column: 1 } }),
    );
    for (const problems of [[], all, places, [problem("brand-new", "info")]]) {
      const log: unknown = JSON.parse(formatLintSarif(problems, { version: "1.2.3", rules }));
      isValid(log);
      expect(isValid.errors ?? []).toEqual([]);
    }
    isValid({ version: "2.1.0", runs: [{}] });
    expect(isValid.errors).not.toEqual([]);
  });
});
