import { describe, expect, it } from "vitest";
import { lintPolicyText, lintPolicyTree } from "../../../../src/core/lint/policy/lint-policy.ts";
import type { PolicyRule } from "../../../../src/core/lint/policy/policy-rule.ts";
import { parsePolicyDocument } from "../../../../src/core/policy/parse.ts";

/** Finds every attribute and element whose name starts with `bad`, and every text `bad`. */
const bad: PolicyRule = {
  id: "policy-syntax",
  severity: "error",
  summary: "",
  why: "",
  examples: { bad: "", good: "" },
  *check({ elements }) {
    for (const { element } of elements) {
      if (element.name.startsWith("bad")) yield { message: element.name, element };
      for (const { name, nameRange } of element.attributes) {
        if (name.startsWith("bad")) {
          yield { message: name, element, ...(nameRange === undefined ? {} : { range: nameRange }) };
        }
      }
    }
  },
};

function found(inbound: string, rules: readonly PolicyRule[] = [bad]): string[] {
  const text = `<policies>\n<inbound>\n${inbound}\n</inbound>\n</policies>`;
  return lintPolicyText(text, { rules }).map(({ rule, at, message }) => `${at.line} ${rule} ${message}`);
}

const off = "<!-- apimgw-disable-next-line policy-syntax for the test -->";

describe("a comment", () => {
  it.each<[string, string, readonly string[]]>([
    ["switches off the next element", `${off}\n<bad1 /><!-- -->\n<bad2 />`, ["5 policy-syntax bad2"]],
    ["switches off all of its line", `${off}\n<a><bad1 /></a>\n<bad2 />`, ["5 policy-syntax bad2"]],
    ["reaches over blank lines and comments", `${off}\n\n<!-- more -->\n<bad1 />`, []],
    ["reaches the attributes of the start tag", `${off}\n<a\n  bad1="x"\n  bad2="y"\n/>`, []],
    [
      "does not reach what stands below",
      `${off}\n<a>\n<bad1 />\n</a>`,
      ["3 suppression-unused `policy-syntax` is switched off and finds nothing here", "5 policy-syntax bad1"],
    ],
    ["covers the document", `<bad1 />\n<!-- apimgw-disable-file policy-syntax generated -->\n<bad2 />`, []],
    [
      "needs a reason",
      "<!-- apimgw-disable-next-line policy-syntax -->\n<bad1 />",
      ["3 suppression-without-reason `policy-syntax` is switched off without a reason"],
    ],
    [
      "takes several rules",
      "<!-- apimgw-disable-next-line policy-syntax, policy-syntxa why -->\n<bad1 />",
      ["3 suppression-unknown-rule there is no rule `policy-syntxa`, did you mean `policy-syntax`?"],
    ],
    [
      "must be used",
      `${off}\n<a />`,
      ["3 suppression-unused `policy-syntax` is switched off and finds nothing here"],
    ],
    [
      "must be used, at the end too",
      `<a />\n${off}`,
      ["4 suppression-unused `policy-syntax` is switched off and finds nothing here"],
    ],
    [
      "must be well-formed",
      "<!-- apimgw-disable policy-syntax why -->\n<bad1 />",
      ["3 suppression-malformed this comment switches nothing off", "4 policy-syntax bad1"],
    ],
    ["may speak of it in prose", "<!-- see apimgw-disable-next-line -->\n<a />", []],
  ])("%s", (_what, inbound, expected) => {
    expect(found(inbound)).toEqual(expected);
  });

  it("is not unused while its rule has not been run", () => {
    expect(found("<!-- apimgw-disable-next-line suppression-unused later -->\n<a />")).toEqual([]);
  });

  it("covers built documents as well, text by text", () => {
    const parsed = parsePolicyDocument(
      `<policies>\n<inbound>\n${off}\n<bad1 />\n<bad2 />\n</inbound></policies>`,
      {
        dialect: "auto",
      },
    );
    if (!parsed.ok) throw new Error("the test's document is sound");
    const problems = lintPolicyTree(parsed.document, {
      rules: [bad],
      locate: (_element, range) => ({ file: "spec", line: range?.start.line ?? 0, column: 1 }),
      textOf: (element) => element.name,
    });
    expect(problems.map(({ message }) => message)).toEqual(["bad2"]);
  });
});

it("severities decide about the comments' own findings", () => {
  const text = `<policies><inbound>${off}\n<a /></inbound></policies>`;
  const severities = new Map([["suppression-unused", "error"]] as const);
  expect(lintPolicyText(text, { rules: [bad], severities }).map(({ severity }) => severity)).toEqual([
    "error",
  ]);
  const none = new Map([["suppression-unused", "off"]] as const);
  expect(lintPolicyText(text, { rules: [bad], severities: none })).toEqual([]);
});
