import { beforeAll, describe, expect, it } from "vitest";
import { expressionRules } from "../../../../../src/core/lint/policy/expressions/index.ts";
import type { PolicyExample } from "../../../../../src/core/lint/policy/policy-rule.ts";
import { contextOf, findIn, loadGrammar } from "./support.ts";

beforeAll(loadGrammar);

function foundIn(example: PolicyExample): string[] {
  const context = contextOf(typeof example === "string" ? example : example.text);
  if (context === undefined) throw new Error("the example cannot be read");
  return findIn(context).map(({ rule }) => rule);
}

describe.each(expressionRules.map((rule) => [rule.id, rule] as const))("%s", (id, { examples }) => {
  it("finds the bad example", () => {
    expect(foundIn(examples.bad)).toContain(id);
  });

  it("is quiet about the good example", () => {
    expect(foundIn(examples.good)).toEqual([]);
  });
});
