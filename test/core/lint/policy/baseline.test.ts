import { describe, expect, it } from "vitest";
import {
  BaselineFilter,
  baselineEntries,
  parseBaseline,
  printBaseline,
} from "../../../../src/core/lint/policy/baseline.ts";
import type { Problem } from "../../../../src/core/problem.ts";

const problem = (rule: string, line: number, file = "a.xml"): Problem => ({
  rule,
  severity: "error",
  message: "",
  at: { file, line, column: 1 },
});
const linesIn = (text: string) => (_file: string, line: number) => text.split("\n")[line - 1];

describe("a baseline", () => {
  const before = linesIn("<a>\n  <b />\n  <b />\n</a>");
  const entries = baselineEntries(
    [problem("x", 3), problem("x", 2), problem("w", 1), problem("x", 1, "Z.xml")],
    before,
  );
  const text = printBaseline(entries);

  it("is sorted, with one entry a line and counts", () => {
    expect(entries.map(({ file, rule, count }) => [file, rule, count])).toEqual([
      ["Z.xml", "x", 1],
      ["a.xml", "w", 1],
      ["a.xml", "x", 2],
    ]);
    expect(text.split("\n")).toHaveLength(9);
    expect(parseBaseline(text, "b.json")).toEqual(entries);
    expect(JSON.parse(printBaseline([]))).toEqual({ formatVersion: 1, findings: [] });
  });

  it("does not depend on the order of the findings", () => {
    const other = baselineEntries(
      [problem("x", 1, "Z.xml"), problem("w", 1), problem("x", 2), problem("x", 3)],
      before,
    );
    expect(printBaseline(other)).toBe(text);
  });

  it("knows its findings on other lines, and no more of them than there were", () => {
    const after = linesIn("new\n<a>\n<b />\n    <b />\n <b />\n</a>");
    const filter = new BaselineFilter(entries);
    const left = filter.keepNew("a.xml", [problem("x", 3), problem("x", 4), problem("w", 2)], after);
    expect(left).toEqual([]);
    const again = new BaselineFilter(entries);
    const same = linesIn("<b />\n<b />\n<b />\n<c />");
    expect(
      again
        .keepNew(
          "a.xml",
          [3, 1, 2, 4].map((line) => problem("x", line)),
          same,
        )
        .map(({ at }) => at.line),
    ).toEqual([3, 4]);
  });

  it("tells what is gone, in files that were looked at", () => {
    const filter = new BaselineFilter(entries);
    filter.keepNew("a.xml", [problem("x", 2)], before);
    expect(filter.outdated("b.json", text)).toMatchObject([
      {
        rule: "baseline-outdated",
        severity: "info",
        message: "a finding of `w` in a.xml is gone",
        at: { file: "b.json", line: 5 },
      },
      { message: "a finding of `x` in a.xml is gone", at: { line: 6 } },
    ]);
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"formatVersion":2,"findings":[]}',
    '{"formatVersion":1,"findings":[{"file":"a"}]}',
  ])("is not %j", (other) => {
    expect(() => parseBaseline(other, "b.json")).toThrow("b.json is no baseline");
  });
});
