import { beforeAll, describe, expect, it } from "vitest";
import { lintPolicyText } from "../../../../src/core/lint/policy/lint-policy.ts";
import { loadGrammar } from "./expressions/support.ts";

/** Documents of the size that the service takes, made to take long. Each is well below a second where nothing else runs. */
const size = 256 * 1024;
/** Milliseconds of this process: far above what they take, below what they took when rules looked at everything for everything. */
const patience = 6_000;

beforeAll(loadGrammar);

const fill = (piece: string, length = size): string => piece.repeat(Math.floor(length / piece.length));
const numbered = (write: (index: number) => string): string => {
  const pieces: string[] = [];
  for (let length = 0; length < size; length += pieces.at(-1)?.length ?? 0) pieces.push(write(pieces.length));
  return pieces.join("");
};
const inbound = (content: string): string => `<policies><inbound><base />${content}</inbound></policies>`;
const variable = (value: string): string => `<set-variable name="a" value="${value}" />`;
const nested = (open: string, inner: string, close: string, depth: number): string =>
  open.repeat(depth) + inner + close.repeat(depth);
const off = "<!-- apimgw-disable-next-line unknown-policy, base-misplaced for the test -->";
const body = "@(context.Request.Body.As<string>())";

const documents: readonly (readonly [string, string, readonly string[]])[] = [
  ["one expression of garbage", inbound(variable(`@(${fill("is a< ")})`)), ["expression-too-long"]],
  ["64 KiB of garbage", inbound(variable(`@(${fill("if ? : => ", 65_000)})`)), ["expression-too-long"]],
  ["comparisons without end", inbound(variable(`@(${fill("a<", 64_000)}b)`)), ["expression-too-long"]],
  [
    "garbage that fits",
    inbound(fill(variable(`@{${fill("a is b<", 2_400)}}`))),
    ["expression-syntax", "expression-too-long"],
  ],
  [
    "small expressions of garbage",
    inbound(fill(variable("@(a b c)"))),
    ["expression-syntax", "expression-too-long"],
  ],
  ["10,000 small expressions", inbound(fill(variable("@(1)"))), []],
  ["parentheses", inbound(variable(`@(${nested("(", "1", ")", 120_000)})`)), ["expression-too-long"]],
  ["lambdas", inbound(variable(`@(${nested("x=>", "1", "", 80_000)})`)), ["expression-too-long"]],
  ["ternaries", inbound(variable(`@(${nested("a?", "1", ":2", 60_000)})`)), ["expression-too-long"]],
  ["blocks", inbound(variable(`@{${nested("{", "return 1;", "}", 120_000)}}`)), ["expression-too-long"]],
  ["blocks in names", inbound(variable(`@{${nested("a{", "1", "}", 8_000)}}`)), ["expression-too-long"]],
  ["attributes", inbound(`<set-header${numbered((index) => ` a${index}="b"`)} />`), ["unknown-attribute"]],
  [
    "attributes that read the body",
    inbound(`<set-header${numbered((index) => ` a${index}="${body}"`)} />`),
    ["body-read-without-guard"],
  ],
  [
    "branches that read the body",
    inbound(`<choose>${fill(`<when condition="${body}"><base /></when>`)}</choose>`),
    ["body-read-without-guard"],
  ],
  [
    "bodies that are read and set",
    inbound(fill(`<set-body>${body}</set-body>`)),
    ["body-read-without-guard"],
  ],
  ["sections", `<policies>${fill("<inbound />")}</policies>`, ["duplicate-section"]],
  ["one comment", inbound(`<!--${fill("a -- @( ")}-->`), []],
  ["suppressions", inbound(fill(`${off}\n<brand-new />\n`)), ["suppression-unused"]],
  ["suppressions on one line", inbound(fill(`${off}<brand-new />`)), []],
  [
    "rules in one suppression",
    inbound(`<!-- apimgw-disable-file ${fill("a,")}b for the test -->`),
    ["suppression-unknown-rule"],
  ],
  ["elements in elements", inbound(nested("<choose>", "", "</choose>", 10_000)), ["policy-syntax"]],
  ["unclosed elements", fill("<a>"), ["policy-syntax"]],
  ["unclosed expressions", inbound(`<set-body>${fill("@(")}</set-body>`), []],
  ["unclosed strings", inbound(variable(fill('@("'))), ["policy-syntax"]],
];

describe("a document of 256 KiB", () => {
  it.each(documents)("is looked at in bounded time: %s", (_, text, expected) => {
    const started = process.cpuUsage();
    const rules = new Set(lintPolicyText(text, { scope: "api" }).map(({ rule }) => rule));
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(patience);
    expect([...rules]).toEqual(expect.arrayContaining([...expected]));
  });

  it("says once where it gave up", () => {
    const text = inbound(fill(variable("@(a b c)"), 100_000) + variable("@(context.Nope)"));
    const found = lintPolicyText(text).filter(({ rule }) => rule !== "expression-syntax");
    expect(found.map(({ rule, message }) => [rule, message])).toEqual([
      [
        "expression-too-long",
        "this expression and those after it were not checked: too much before them is no C#",
      ],
    ]);
  });

  it("reads on after code that it did not try to read", () => {
    const text = inbound(variable(`@(${fill("1+", 65_000)}1)`) + variable("@(context.Nope)"));
    const rules = lintPolicyText(text).map(({ rule }) => rule);
    expect(rules).toEqual(["expression-too-long", "unknown-context-member"]);
  });

  it("takes long code that is C#", () => {
    const statement = 'var a = context.Request.Headers.GetValueOrDefault("a", "").Length + 1;\n';
    const text = inbound(variable(`@{${fill(statement, 16_000)}return "";}`));
    expect(lintPolicyText(text).map(({ rule }) => rule)).not.toContain("expression-too-long");
  });
});
