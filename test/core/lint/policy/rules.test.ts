/** One test for all rules over policy documents: each finds its bad example and accepts its good one. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../../src/adapters/grammar.ts";
import { listEngineRules } from "../../../../src/core/lint/policy/engine-rules.ts";
import { lintPolicyText } from "../../../../src/core/lint/policy/lint-policy.ts";
import type { LintPolicyOptions } from "../../../../src/core/lint/policy/lint-policy.ts";
import { policyRuleGroups } from "../../../../src/core/lint/policy/policy-rules.ts";
import type { PolicyExample, PolicyRule } from "../../../../src/core/lint/policy/policy-rule.ts";
import { listRules } from "../../../../src/core/lint/policy/rule-table.ts";
import { loadCSharpGrammar } from "../../../../src/core/policy/expression/csharp/grammar.ts";
import type { Problem } from "../../../../src/core/problem.ts";
import { specRules } from "../../../../src/core/spec/rules.ts";

const nothingKnown = { backends: [], fragments: [], loggers: [], namedValues: [], certificates: [] };

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

function problemsOf(example: PolicyExample, more: LintPolicyOptions = {}): Problem[] {
  if (typeof example === "string") return lintPolicyText(example, { scope: "api", ...more });
  const { text, known, ...rest } = example;
  const all = known === undefined ? {} : { known: { ...nothingKnown, ...known } };
  return lintPolicyText(text, { scope: "api", ...rest, ...all, ...more });
}

describe.each(Object.entries(policyRuleGroups))("%s", (group, rules) => {
  it.each(rules.map((rule) => [rule.id, rule] as const))("%s proves itself", (id, rule: PolicyRule) => {
    const { bad, good } = rule.examples;
    const found = problemsOf(bad).filter((problem) => problem.rule === id);
    expect(found).not.toEqual([]);
    const lines = (typeof bad === "string" ? bad : bad.text).split(/\r\n|\r|\n/).length;
    for (const { at, message } of found) {
      expect(at.line).toBeGreaterThanOrEqual(1);
      expect(at.line).toBeLessThanOrEqual(lines);
      expect(message).not.toBe("");
    }
    expect(problemsOf(good).filter((problem) => problem.rule === id)).toEqual([]);
    expect(problemsOf(good).filter((problem) => problem.rule === "policy-syntax")).toEqual([]);
  });

  it("holds every rule file, under the file's name", () => {
    const folder = resolve(import.meta.dirname, "../../../../src/core/lint/policy", group);
    const files = readdirSync(folder).filter(
      (name) =>
        name !== "index.ts" &&
        / : PolicyRule = |: PolicyRule = /.test(readFileSync(resolve(folder, name), "utf8")),
    );
    const ids = new Set(rules.map(({ id }) => id));
    expect(files.map((name) => basename(name, ".ts")).filter((name) => !ids.has(name))).toEqual([]);
  });
});

describe("the table of rules", () => {
  const rules = listRules();

  it("has each id once, in kebab-case", () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it("says in a sentence what each finds", () => {
    expect(rules.filter(({ summary }) => !/[.]$/.test(summary)).map(({ id }) => id)).toEqual([]);
    expect(rules.filter(({ isConfigurable, why }) => isConfigurable && (why ?? "") === "")).toEqual([]);
  });

  it("name the public source of what they say about the service", () => {
    const source =
      /\.microsoft\.com\/|https:\/\/|[A-Za-z][\w-]+\/[\w.-]+#\d+|[A-Z][\w-]+\/[A-Z][\w.-]+|RFC \d+/;
    // These say nothing about the service.
    const own = ["account-without-effect", "backend-unused", "expression-too-long"];
    const groups = ["files", "spec", "compile"];
    const without = rules.filter(({ group, why }) => !groups.includes(group) && !source.test(why ?? ""));
    expect(without.map(({ id }) => id).filter((id) => !own.includes(id))).toEqual([]);
  });

  it("holds every rule that the sources name", () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(Object.keys(specRules).filter((id) => !ids.has(id))).toEqual([]);
    const sources = readdirSync(resolve(import.meta.dirname, "../../../../src"), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(resolve(import.meta.dirname, "../../../../src", name), "utf8"));
    const named = sources.flatMap((text) => [...text.matchAll(/\brule: "([a-z-]+)"/g)].map(([, id]) => id));
    expect([...new Set(named)].filter((id) => id !== undefined && !ids.has(id))).toEqual([]);
  });

  it.each(listEngineRules().filter(({ examples }) => examples !== undefined))("$id proves itself", (rule) => {
    const { id, examples } = rule;
    expect(problemsOf(examples?.bad ?? "").map((problem) => problem.rule)).toContain(id);
    expect(problemsOf(examples?.good ?? "").filter((problem) => problem.rule === id)).toEqual([]);
  });
});
