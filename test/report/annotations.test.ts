import { expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { formatLintAzureDevops, formatLintGithub } from "../../src/report/annotations.ts";

const problem: Problem = {
  rule: "some-rule",
  severity: "error",
  message: "100% wrong: a, b;\nmore",
  at: { file: "a,b:c;d].xml", line: 2, column: 3, endLine: 2, endColumn: 9 },
  help: "fix it",
};
const plain = { file: "f.xml", line: 4, column: 1 };

it("GitHub: a command for each finding, with everything escaped", () => {
  expect(formatLintGithub([problem])).toBe(
    "::error file=a%2Cb%3Ac;d].xml,line=2,endLine=2,col=3,endColumn=9,title=some-rule::100%25 wrong: a, b;%0Amore%0Afix it",
  );
});

it("GitHub: severities, and no columns for a range over several lines", () => {
  const warning: Problem = {
    rule: "r",
    severity: "warning",
    message: "m",
    at: { ...plain, endLine: 6, endColumn: 2 },
  };
  const info: Problem = { rule: "r", severity: "info", message: "m", at: { ...plain, line: 5 } };
  expect(formatLintGithub([info, warning])).toBe(
    "::warning file=f.xml,line=4,endLine=6,col=1,title=r::m\n::notice file=f.xml,line=5,endLine=5,col=1,title=r::m",
  );
});

it("Azure DevOps: a command for each error and warning, a line for the rest", () => {
  const info: Problem = { rule: "r", severity: "info", message: "m", at: plain };
  expect(formatLintAzureDevops([info, problem])).toBe(
    "##vso[task.logissue type=error;sourcepath=a,b:c%3Bd%5D.xml;linenumber=2;columnnumber=3;code=some-rule;]100%AZP25 wrong: a, b;%0Amore%0Afix it\n" +
      "f.xml:4:1 info m (r)",
  );
});

it("says nothing without findings", () => {
  expect([formatLintGithub([]), formatLintAzureDevops([])]).toEqual(["", ""]);
});

it("Azure DevOps: no command of others in a line of the log", () => {
  const message = "`##vso[task.setvariable variable=a]b` is no policy";
  const info: Problem = { rule: "r", severity: "info", message, at: plain };
  expect(formatLintAzureDevops([info])).not.toContain("##vso[");
});
