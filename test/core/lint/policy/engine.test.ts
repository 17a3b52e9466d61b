import { describe, expect, it } from "vitest";
import { lintPolicyText } from "../../../../src/core/lint/policy/lint-policy.ts";
import { createPathFilter, parseLintConfig } from "../../../../src/core/lint/policy/lint-config.ts";
import { knownFromFiles, mustReadKnownFile, parseKnown } from "../../../../src/core/lint/policy/known.ts";
import { renderedFolders, scopeOfPath } from "../../../../src/core/lint/policy/scope-of-path.ts";
import { applySeverities, readRuleSetting } from "../../../../src/core/lint/policy/severities.ts";
import type { PolicyRule } from "../../../../src/core/lint/policy/policy-rule.ts";
import type { Problem } from "../../../../src/core/problem.ts";

const rule: PolicyRule = {
  id: "policy-syntax",
  severity: "warning",
  summary: "",
  why: "",
  examples: { bad: "", good: "" },
  check: ({ root }) => [
    { message: "b", element: root },
    { message: "a", element: root, severity: "info" },
    { message: "b", element: root },
  ],
};

describe("lintPolicyText", () => {
  it("gives a document's first fault as policy-syntax, with its place", () => {
    expect(lintPolicyText("<policies>\n  <inbound>\n</policies>", { file: "a.xml" })).toMatchObject([
      { rule: "policy-syntax", severity: "error", at: { file: "a.xml", line: 3, column: 3 } },
    ]);
  });

  it.each([
    "",
    " ",
    "\uFEFF",
    "\u0000",
    "<policies>\u0000</policies>",
    "<policies>\ud800</policies>",
    "<!DOCTYPE a>",
  ])("finds %j no document, and does not break down", (text) => {
    expect(lintPolicyText(text).map(({ severity }) => severity)).toEqual(["error"]);
  });

  it("knows no other roots than those of the service", () => {
    expect(lintPolicyText("<policy />").map((problem) => problem.rule)).toEqual(["root-element"]);
  });

  it("sorts, says nothing twice, and takes a finding's own severity", () => {
    const problems = lintPolicyText("<fragment />", { rules: [rule] });
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      "warning b",
      "info a",
    ]);
  });

  it("lets the user's severity decide", () => {
    const severities = new Map([["policy-syntax", "error"]] as const);
    const problems = lintPolicyText("<fragment />", { rules: [rule], severities });
    expect(problems.map(({ severity }) => severity)).toEqual(["error", "error"]);
    expect(
      lintPolicyText("<fragment />", { rules: [rule], severities: new Map([["policy-syntax", "off"]]) }),
    ).toEqual([]);
  });

  it("does not catch what a rule throws", () => {
    const broken: PolicyRule = {
      ...rule,
      check: () => {
        throw new Error("bug");
      },
    };
    expect(() => lintPolicyText("<fragment />", { rules: [broken] })).toThrow("bug");
  });
});

describe("severities", () => {
  const ids = ["policy-syntax", "file-encoding"];

  it.each<[string, unknown]>([
    ["policy-syntax=off", { ok: true, id: "policy-syntax", setting: "off" }],
    [" file-encoding = info ", { ok: true, id: "file-encoding", setting: "info" }],
    [
      "policy-syntx=off",
      { ok: false, message: "there is no rule `policy-syntx`, did you mean `policy-syntax`?" },
    ],
    ["policy-syntax=warn", { ok: false, message: "policy-syntax: `warn` is no severity" }],
    ["policy-syntax", { ok: false, message: "`policy-syntax` is no rule with a severity" }],
    ["a=b=c", { ok: false }],
  ])("reads %s", (text, expected) => {
    expect(readRuleSetting(text, ids)).toMatchObject(expected as object);
  });

  it("changes and drops problems", () => {
    const problem = (id: string): Problem => ({
      rule: id,
      severity: "error",
      message: "",
      at: { file: "f", line: 1, column: 1 },
    });
    const severities = new Map([
      ["a", "off"],
      ["b", "info"],
    ] as const);
    const left = applySeverities([problem("a"), problem("b"), problem("c")], severities);
    expect(left.map((each) => [each.rule, each.severity])).toEqual([
      ["b", "info"],
      ["c", "error"],
    ]);
  });
});

describe("scope by path", () => {
  const isRendered = renderedFolders(["out/apis/a/policy.xml", "products/p/policy.xml"]);

  it.each([
    ["out/policy.xml", "global"],
    ["policy.xml", "global"],
    ["elsewhere/policy.xml", undefined],
    ["out/apis/a/policy.xml", "api"],
    ["out/apis/a/operations/o/policy.xml", "operation"],
    ["operations/o/policy.xml", undefined],
    ["products/p/policy.xml", "product"],
    ["workspaces/w/policy.xml", "workspace"],
    ["apis/a/other.xml", undefined],
    ["policyFragments/f.xml", undefined],
  ])("%s is %s", (path, scope) => {
    expect(scopeOfPath(path, isRendered)).toBe(scope);
  });
});

describe("known", () => {
  it("reads the folder of render", () => {
    expect(mustReadKnownFile("namedValues/a.json")).toBe(true);
    expect(mustReadKnownFile("backends/a.json")).toBe(false);
    expect(
      knownFromFiles([
        { path: "backends/b.json" },
        { path: "backends/a.json" },
        { path: "policyFragments/f.xml" },
        { path: "loggers/l.json" },
        { path: "namedValues/nv-id.json", text: '{"properties":{"displayName":"nv name"}}' },
        { path: "namedValues/odd.json", text: "{" },
        { path: "apis/x/policy.xml" },
      ]),
    ).toEqual({
      backends: ["a", "b"],
      fragments: ["f"],
      loggers: ["l"],
      namedValues: ["nv name", "odd"],
      certificates: [],
    });
  });

  it("reads a list, and says what is wrong with one", () => {
    expect(parseKnown('{"backends":["a"]}')).toMatchObject({
      ok: true,
      known: { backends: ["a"], loggers: [] },
    });
    expect(parseKnown('{"backend":["a"]}')).toEqual({
      ok: false,
      why: "there is no list `backend`, did you mean `backends`?",
    });
    expect(parseKnown('{"loggers":[1]}')).toEqual({ ok: false, why: "`loggers` is not a list of names" });
    expect(parseKnown("[]")).toMatchObject({ ok: false });
    expect(parseKnown("{")).toMatchObject({ ok: false });
  });
});

describe("apimgw.lint.yaml", () => {
  const read = (text: string) =>
    parseLintConfig(text, "apimgw.lint.yaml", ["policy-syntax", "file-encoding"]);

  it("has rules, patterns, known, sku and scopes", () => {
    const { config, problems } = read(`
rules: { policy-syntax: off, file-encoding: warning }
ignore: [generated/, "*.tmp.xml"]
known: out
sku: Consumption
scope: { "apis/*.xml": api, "*.xml": product }
`);
    expect(problems).toEqual([]);
    expect([...config.rules]).toEqual([
      ["policy-syntax", "off"],
      ["file-encoding", "warning"],
    ]);
    expect(config).toMatchObject({ ignore: ["generated/", "*.tmp.xml"], known: "out", sku: "Consumption" });
    expect(config.scopes).toEqual([
      { pattern: "apis/*.xml", scope: "api" },
      { pattern: "*.xml", scope: "product" },
    ]);
    const isIgnored = createPathFilter(config.ignore);
    expect(["generated/a.xml", "a.tmp.xml", "a.xml", "../a.tmp.xml"].map(isIgnored)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(["", "# nothing\n"])("may be empty: %j", (text) => {
    expect(read(text).problems).toEqual([]);
  });

  it.each<[string, string]>([
    ["ruels: {}", "1:1 unknown-key unknown key `ruels`, did you mean `rules`?"],
    [
      "rules:\n  policy-sintax: off",
      "2:3 unknown-key there is no rule `policy-sintax`, did you mean `policy-syntax`?",
    ],
    [
      "rules:\n  policy-syntax: of",
      "2:18 invalid-value `policy-syntax`: expected one of `off`, `info`, `warning`, `error`, did you mean `off`?",
    ],
    ["rules: [a]", "1:8 wrong-type `rules`: expected a map"],
    ["ignore: a", "1:9 wrong-type `ignore`: expected a list of patterns"],
    ["ignore: [1]", "1:10 wrong-type expected a string"],
    [
      "scope: { a: apis }",
      "1:13 invalid-value `a`: expected one of `global`, `workspace`, `product`, `api`, `operation`, did you mean `api`?",
    ],
    ["- a", "1:1 wrong-type expected a map with keys such as `rules` and `ignore`, found a list"],
  ])("says what is wrong with %j", (text, expected) => {
    const { problems } = read(text);
    expect(problems.map(({ at, rule: id, message }) => `${at.line}:${at.column} ${id} ${message}`)).toEqual([
      expected,
    ]);
  });
});
