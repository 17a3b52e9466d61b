import { describe, expect, it } from "vitest";
import { Failure, ServiceFailure } from "../../src/core/failure.ts";
import type { Location } from "../../src/core/location.ts";
import type { Problem } from "../../src/core/problem.ts";
import { formatCodeFrame } from "../../src/report/human/code-frame.ts";
import { formatFailure } from "../../src/report/human/failure.ts";
import { formatLint } from "../../src/report/human/lint.ts";
import { formatFailureJson, formatLintJson } from "../../src/report/json.ts";

const style = { color: false };

const unknownBackend: Problem = {
  rule: "unknown-reference",
  severity: "error",
  message: 'there is no backend "aoia"',
  at: { file: "gateway.yaml", line: 3, column: 14, endLine: 3, endColumn: 18 },
  help: "did you mean `aoai`?",
};
const unused: Problem = {
  rule: "unused-backend",
  severity: "warning",
  message: "no operation uses it",
  at: { file: "gateway.yaml", line: 1, column: 1 },
};
const info: Problem = {
  rule: "some-hint",
  severity: "info",
  message: "could be shorter",
  at: { file: "a.xml", line: 9, column: 1 },
};
const spec = "backends:\n  aoai: {}\n    backend: aoia\n";
const sources = (file: string) => (file === "gateway.yaml" ? spec : undefined);

describe("lint for people", () => {
  it("shows problems by file and place with the lines they are on, and counts them", () => {
    expect(formatLint({ problems: [unknownBackend, info, unused], files: 2 }, sources, style)).toBe(
      `a.xml:9:1 info could be shorter (some-hint)

gateway.yaml:1:1 warning no operation uses it (unused-backend)
  1 | backends:
    | ^
gateway.yaml:3:14 error there is no backend "aoia" (unknown-reference)
  3 |     backend: aoia
    |              ^^^^
  help: did you mean \`aoai\`?

1 error, 1 warning, 1 info in 2 files.`,
    );
  });

  it.each([
    [[], 1, "No problems in 1 file."],
    [[unused], 3, "0 errors, 1 warning in 3 files."],
    [[unknownBackend, unknownBackend], 1, "2 errors, 0 warnings in 1 file."],
  ] as const)("ends with a sentence", (problems, files, sentence) => {
    const text = formatLint({ problems, files }, () => undefined, style);
    expect(text.split("\n").at(-1)).toBe(sentence);
  });

  it("does not change the order of what it was given", () => {
    const problems = [unknownBackend, unused];
    formatLint({ problems, files: 1 }, sources, style);
    expect(problems).toEqual([unknownBackend, unused]);
  });

  it("makes control characters visible, in messages and in the file's own lines", () => {
    const at: Location = { file: "gateway.yaml", line: 1, column: 3, endLine: 1, endColumn: 4 };
    const text = formatLint(
      { problems: [{ ...unused, at, message: "bad \u001b[31m name", help: "\u0007" }], files: 1 },
      () => "a\u001b[2Jb\u202e",
      style,
    );
    expect(text).toContain("bad \\x1b[31m name");
    expect(text).toContain("1 | a\\x1b[2Jb\\u202e\n    |      ^\n");
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe("a code frame", () => {
  const frame = (text: string, at: Partial<Location>) =>
    formatCodeFrame(text, { file: "f", line: 1, column: 1, ...at }, style);

  it.each<[string, string, Partial<Location>, string | undefined]>([
    ["a point", "abc", { column: 2 }, "1 | abc\n  |  ^"],
    ["a range", "abc", { column: 2, endLine: 1, endColumn: 4 }, "1 | abc\n  |  ^^"],
    ["a range over lines", "abc\ndef", { column: 2, endLine: 2, endColumn: 2 }, "1 | abc\n  |  ^^"],
    ["just past the end", "abc", { column: 4 }, "1 | abc\n  |    ^"],
    ["far past the end", "abc", { column: 40 }, "1 | abc\n  |    ^"],
    ["an empty line", "", {}, "1 | \n  | ^"],
    ["no such line", "abc", { line: 2 }, undefined],
    ["a line with \\r\\n", "a\r\nbc\r\n", { line: 2, column: 2, endLine: 2, endColumn: 9 }, "2 | bc\n  |  ^"],
    ["tabs, kept", "\tab", { column: 2 }, "1 | \tab\n  | \t^"],
    ["wide characters", "名前 x", { column: 4 }, "1 | 名前 x\n  |      ^"],
    ["a wide mark", "x 名前", { column: 3, endLine: 1, endColumn: 5 }, "1 | x 名前\n  |   ^^^^"],
  ])("of %s", (_what, text, at, expected) => {
    expect(frame(text, at)).toBe(expected);
  });

  it("shows a long line around the place only", () => {
    const text = `${"a".repeat(1000)}HERE${"b".repeat(1000)}`;
    const [line = "", carets = ""] = (frame(text, { column: 1001, endLine: 1, endColumn: 1005 }) ?? "").split(
      "\n",
    );
    expect(line.length).toBeLessThan(180);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("HERE");
  });
});

describe("lint as JSON", () => {
  it("has the fixed keys, sorted problems and a summary", () => {
    expect(formatLintJson({ problems: [unknownBackend, unused], files: 2 })).toBe(
      JSON.stringify(
        {
          formatVersion: 1,
          problems: [
            {
              rule: "unused-backend",
              severity: "warning",
              message: "no operation uses it",
              file: "gateway.yaml",
              line: 1,
              column: 1,
              endLine: 1,
              endColumn: 1,
              help: null,
            },
            {
              rule: "unknown-reference",
              severity: "error",
              message: 'there is no backend "aoia"',
              file: "gateway.yaml",
              line: 3,
              column: 14,
              endLine: 3,
              endColumn: 18,
              help: "did you mean `aoai`?",
            },
          ],
          summary: { files: 2, errors: 1, warnings: 1 },
        },
        null,
        2,
      ),
    );
  });
});

describe("a failure", () => {
  it("says what, why, what the service said, what to do, and the problems behind it", () => {
    const failure = new ServiceFailure("SERVICE.REJECTED", "the service refused the policy", {
      status: 400,
      why: "It is not valid there.",
      remedy: "Correct the line.",
      details: [
        { code: "ValidationError", target: "set-body", message: "line 3\nbad" },
        { message: "plain" },
      ],
      problems: [unknownBackend],
    });
    expect(formatFailure(failure, sources, style)).toBe(`error: the service refused the policy
  why: It is not valid there.
  service: ValidationError set-body: line 3
  bad
  service: plain
  fix: Correct the line.

gateway.yaml:3:14 error there is no backend "aoia" (unknown-reference)
  3 |     backend: aoia
    |              ^^^^
  help: did you mean \`aoai\`?`);
    expect(JSON.parse(formatFailureJson(failure))).toMatchObject({
      formatVersion: 1,
      error: {
        code: "SERVICE.REJECTED",
        status: 400,
        details: [{ code: "ValidationError" }, { message: "plain" }],
        problems: [{ rule: "unknown-reference", line: 3 }],
      },
    });
  });

  it("is short when there is nothing to add", () => {
    expect(formatFailure(new Failure("X.Y", "no"), sources, style)).toBe("error: no");
    expect(formatFailure(new Failure("X.Y", "no"), sources, { color: true })).toBe(
      "\u001b[31merror:\u001b[39m \u001b[1mno\u001b[22m",
    );
  });
});
