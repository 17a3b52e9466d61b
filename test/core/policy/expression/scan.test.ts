import { describe, expect, it } from "vitest";
import { expressionOf, scanExpression } from "../../../../src/core/policy/expression/scan.ts";

describe("scanExpression finds the end", () => {
  it.each([
    ["brackets", "@(a(b[c]))"],
    ["a block", "@{ if (a) { return b; } return c; }"],
    ["a closing bracket in a string", '@(")")'],
    ["escapes in a string", String.raw`@("\")\\")`],
    ["a verbatim string", String.raw`@(@"\")`],
    ["doubled quotes in a verbatim string", '@(@"a"")" + b)'],
    ["a verbatim string over lines", '@(@"a\n)")'],
    ["an interpolated string", '@($"a{b}c)")'],
    ["strings in a hole", '@($"{d["x)"]}")'],
    ["a format", "@($\"{now:yyyy-MM-dd'T'HH}\")"],
    ["a format with doubled braces", '@($"{x:0}}}")'],
    ["an alias in a hole", '@($"{global::X.Y}")'],
    ["a conditional in a hole", '@($"{(a ? b : c)}")'],
    ["doubled braces", '@($"{{{x}}})")'],
    ["a verbatim interpolated string", '@($@"{a}"")\\" + b)'],
    ["the same, signs swapped", '@(@$"{a}"")\\" + b)'],
    ["nested interpolation", '@($"{$"{a(")")}"}")'],
    ["a verbatim string over lines in a hole", '@($@"{\n@"\n"}")'],
    ["a character", "@(a == ')')"],
    ["an escaped character", String.raw`@('\'' + '\\' + '\u0029')`],
    ["several characters in single quotes", "@(a == 'b)')"],
    ["a line comment", "@{ // }\"'\n}"],
    ["a block comment", '@(a /* ) " */ )'],
    ["a named value", "@({{name-1}})"],
    ["a named value in a string", '@("{{name}")'],
    ["division and generics", "@(a / b < c >> d)"],
    ["an identifier with @", "@(@class)"],
    ["other replaced tokens", "@(#{x}# + ${y} + __z__)"],
  ])("%s", (_, source) => {
    expect(scanExpression(source, 0)).toMatchObject({ end: source.length });
    expect(scanExpression(`  ${source}")}`, 2)).toMatchObject({ end: source.length + 2 });
  });

  it.each([
    ["no end", "@(a", "the expression that starts here has no closing `)`", 0],
    ["no end of a block", "@{ a(); ", "the expression that starts here has no closing `}`", 0],
    ["a wrong bracket", "@(a]", "`)` is expected, not `]`", 3],
    ["a string over lines", '@("a\n")', "the string that starts here is not closed on its line", 2],
    ["an escaped line end", '@("a\\\n")', "the string that starts here is not closed on its line", 2],
    ["a verbatim string without end", '@(@"a)', "the string that starts here is not closed", 2],
    [
      "a character without end",
      "@(a's)",
      "the character literal that starts here is not closed on its line",
      3,
    ],
    ["a comment without end", "@(a /* b)", "the comment that starts here has no `*/`", 4],
    [
      "an interpolated string over lines",
      '@($"a\n")',
      "the string that starts here is not closed on its line",
      2,
    ],
    [
      "a hole over lines",
      '@($"{a\n}")',
      "the `{` that starts here in an interpolated string is not closed",
      4,
    ],
    ["a hole without end", '@($"{a")', "the string that starts here is not closed on its line", 6],
    ["a lone brace", '@($"a}")', "`}` stands alone in an interpolated string; write `}}`", 5],
    ["an end tag", "@(a</value>)", "the expression that starts here has no closing `)`", 0],
  ])("or says why not: %s", (_, source, error, offset) => {
    expect(scanExpression(source, 0)).toEqual({ error, offset });
  });

  it("refuses interpolated strings nested without end instead of running out of stack", () => {
    expect(scanExpression(`@(${'$"{'.repeat(100_000)}`, 0)).toHaveProperty("error");
  });
});

describe("expressionOf", () => {
  it.each([
    ["@(a)", { kind: "single", code: "a", codeOffset: 2 }],
    [" \n@{ return 1; }\n", { kind: "block", code: " return 1; ", codeOffset: 4 }],
  ])("reads %j", (value, expected) => {
    expect(expressionOf(value)).toMatchObject(expected);
  });

  it.each(["", "a", "@", "a @(b)", "@(a) b", "@(a) @(b)", "@(a", "@@(a)", "{{x}}"])("%j is none", (value) => {
    expect(expressionOf(value)).toBeUndefined();
  });

  it("gives the tokens with offsets into the value", () => {
    const value = ' @(a + "b" /* c */)';
    const tokens = expressionOf(value)?.tokens.map(({ kind, start, end }) => [kind, value.slice(start, end)]);
    expect(tokens).toEqual([
      ["word", "a"],
      ["space", " "],
      ["punctuation", "+"],
      ["space", " "],
      ["string", '"b"'],
      ["space", " "],
      ["comment", "/* c */"],
    ]);
  });
});
