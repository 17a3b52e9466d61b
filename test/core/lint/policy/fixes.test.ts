import { describe, expect, it } from "vitest";
import { applyFixes, fixPolicyText } from "../../../../src/core/lint/policy/fixes.ts";
import type { Fix, PolicyExample, PolicyRule } from "../../../../src/core/lint/policy/policy-rule.ts";
import { policyRules } from "../../../../src/core/lint/policy/policy-rules.ts";

const at = (offset: number) => ({ offset, line: 1, column: offset + 1 });
const fix = (start: number, end: number, text: string): Fix => ({
  range: { start: at(start), end: at(end) },
  text,
  title: "",
});

const nothingKnown = { backends: [], fragments: [], loggers: [], namedValues: [], certificates: [] };

describe("applyFixes", () => {
  it.each<[string, readonly Fix[], string, number]>([
    ["replaces and inserts, in any order", [fix(4, 6, "X"), fix(0, 0, ">")], ">0123X6789", 2],
    ["leaves out what overlaps", [fix(0, 4, "A"), fix(3, 5, "B")], "A456789", 1],
    ["takes neighbours", [fix(0, 2, "A"), fix(2, 4, "B")], "AB456789", 2],
    ["takes one of two insertions at one place", [fix(2, 2, "A"), fix(2, 2, "A")], "01A23456789", 1],
    ["does nothing without fixes", [], "0123456789", 0],
  ])("%s", (_what, fixes, text, count) => {
    const result = applyFixes("0123456789", fixes);
    expect(result.text).toBe(text);
    expect(result.applied).toHaveLength(count);
  });
});

/** Renames `a0` to `a1`, `a1` to `a2` … up to `limit`. */
function counting(limit: number): PolicyRule {
  return {
    id: "policy-syntax",
    severity: "warning",
    summary: "",
    why: "",
    examples: { bad: "", good: "" },
    *check({ elements }) {
      for (const { element } of elements) {
        const number = /^a(\d+)$/.exec(element.name)?.[1];
        if (number === undefined || Number(number) >= limit || element.nameRange === undefined) continue;
        const next = { range: element.nameRange, text: `a${Number(number) + 1}`, title: "count" };
        yield { message: element.name, element, fix: next };
      }
    },
  };
}

describe("fixPolicyText", () => {
  it("looks again until nothing is left", () => {
    const fixed = fixPolicyText("<fragment><a0 /><a2 /></fragment>", { rules: [counting(3)] });
    expect(fixed).toMatchObject({ text: "<fragment><a3 /><a3 /></fragment>", problems: [] });
    expect(fixed.applied).toHaveLength(4);
  });

  it("stops after five rounds", () => {
    expect(fixPolicyText("<fragment><a0 /></fragment>", { rules: [counting(99)] }).text).toContain("<a5 />");
  });

  it("leaves what a comment accepts", () => {
    const text =
      "<fragment>\n<!-- apimgw-disable-next-line policy-syntax so it stays -->\n<a0 />\n</fragment>";
    expect(fixPolicyText(text, { rules: [counting(3)] }).text).toBe(text);
  });
});

describe("the rules' own fixes", () => {
  const fixable = policyRules.flatMap((rule) => {
    const { bad } = rule.examples;
    const example: Exclude<PolicyExample, string> = typeof bad === "string" ? { text: bad } : bad;
    const { known, ...rest } = example;
    const options = known === undefined ? rest : { ...rest, known: { ...nothingKnown, ...known } };
    const fixed = fixPolicyText(example.text, options);
    return fixed.applied.length === 0 ? [] : [[rule.id, fixed, options] as const];
  });

  it.each(fixable)("%s: a second run fixes nothing", (_id, fixed, options) => {
    expect(fixed.problems.filter(({ rule }) => rule === "policy-syntax")).toEqual([]);
    expect(fixPolicyText(fixed.text, options)).toMatchObject({ text: fixed.text, applied: [] });
  });
});
