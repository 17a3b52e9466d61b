import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { buildContext } from "./build-context.ts";
import { findIn, loadGrammar } from "./support.ts";

beforeAll(loadGrammar);

const pieces = [
  ..."( ) { } [ ] < > ; , . ? : ! = + - * / % & | ^ ~ @ $ # ' \" \\ \n".split(" "),
  ...'context .Request .Response .Body .As<JObject>() .Variables["a"] return if else switch case while try catch'.split(
    " ",
  ),
  ...'new var int string => == != ?? ?. $"{ }" @"" \'a\' 1 0x1 null true {{a}} ${b} (int) <!-- --> // /* */ System.IO.File'.split(
    " ",
  ),
];
const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 60 });

describe("any code", () => {
  it("gives findings or none", () => {
    fc.assert(
      fc.property(soup, fc.boolean(), fc.boolean(), (parts, isBlock, isSpaced) => {
        const code = parts.join(isSpaced ? " " : "");
        const context = buildContext(isBlock ? `@{${code}}` : `@(${code})`);
        for (const { message } of findIn(context)) expect(message).not.toBe("");
      }),
      { numRuns: 1_500 },
    );
  });

  const repeated: readonly string[] = [
    "(",
    "a+",
    "{",
    "< ",
    "a<b,",
    "x=>",
    '"a" ',
    "if(a)",
    "[a](",
    "a ? b : ",
    "f(a<b,c<d,",
    "case x: ",
    "var (",
  ];
  it.each(repeated)("is bounded for %s over and over", (piece) => {
    const code = piece.repeat(Math.floor(65_000 / piece.length));
    for (const kind of ["single", "block"] as const) {
      const context = buildContext("@(1)", { kind, code, codeOffset: 2, tokens: [] });
      expect(findIn(context).length).toBeLessThan(100_000);
    }
  });

  it("does not look into what is longer than 64 KiB", () => {
    const context = buildContext(`@(${" ".repeat(65_536)}1)`);
    expect(findIn(context).map(({ rule }) => rule)).toEqual(["expression-too-long"]);
  });
});
