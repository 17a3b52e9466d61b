import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { formatLintJunit } from "../../src/report/junit.ts";

const warning: Problem = {
  rule: "some-rule",
  severity: "warning",
  message: 'not <good> & "bad"\u0007',
  at: { file: "b.xml", line: 2, column: 3 },
  help: "do\nthis",
};

it("shows every finding as a failed test case, warnings too, and files without findings as passed", () => {
  const error: Problem = { ...warning, severity: "error", at: { file: "b.xml", line: 1, column: 1 } };
  expect(formatLintJunit([warning, error], ["c.xml", "b.xml"])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="apimgw lint" tests="3" failures="2" errors="0">
  <testsuite name="b.xml" tests="2" failures="2" errors="0">
    <testcase name="some-rule at 1:1" classname="b.xml" file="b.xml" line="1">
      <failure type="error" message="not &lt;good&gt; &amp; &quot;bad&quot;\\x07">b.xml:1:1 error not &lt;good&gt; &amp; &quot;bad&quot;\\x07 (some-rule)&#10;do&#10;this</failure>
    </testcase>
    <testcase name="some-rule at 2:3" classname="b.xml" file="b.xml" line="2">
      <failure type="warning" message="not &lt;good&gt; &amp; &quot;bad&quot;\\x07">b.xml:2:3 warning not &lt;good&gt; &amp; &quot;bad&quot;\\x07 (some-rule)&#10;do&#10;this</failure>
    </testcase>
  </testsuite>
  <testsuite name="c.xml" tests="1" failures="0" errors="0">
    <testcase name="no problems" classname="c.xml" file="c.xml" />
  </testsuite>
</testsuites>
`);
});

describe("is well-formed", () => {
  it.each(["\u0000\u001b[2J", "]]>", "\ud800", "\ufffe\uffff", "\r\n\t", "😀", '{{nv}} @("<")'])(
    "with %j",
    (text) => {
      const xml = formatLintJunit(
        [{ ...warning, message: text, help: text, at: { ...warning.at, file: text } }],
        [],
      );
      const parser = new SaxesParser();
      const faults: string[] = [];
      parser.on("error", (error) => faults.push(error.message));
      parser.write(xml).close();
      expect(faults).toEqual([]);
    },
  );

  it("without files", () => {
    expect(formatLintJunit([], [])).toContain('tests="0" failures="0"');
  });
});
