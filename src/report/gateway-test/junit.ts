/** Test results as JUnit XML, for CI: a suite per file, a test case per case; times are virtual. */
import type { CaseResult } from "../../core/gateway-test/run-cases.ts";
import { escapeXml } from "../junit.ts";
import { caseFailure } from "./text.ts";

export function formatTestsJunit(results: readonly CaseResult[]): string {
  const suites = [...Map.groupBy(results, ({ test }) => test.file)];
  const head = `<testsuites name="apimgw test" ${counts(results)}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    head,
    ...suites.map(([file, cases]) => formatSuite(file, cases)),
    "</testsuites>",
    "",
  ].join("\n");
}

function formatSuite(file: string, cases: readonly CaseResult[]): string {
  return [
    `  <testsuite name="${escapeXml(file)}" ${counts(cases)}>`,
    ...cases.map(formatCase),
    "  </testsuite>",
  ].join("\n");
}

function counts(cases: readonly CaseResult[]): string {
  const failures = cases.filter(({ passed }) => !passed).length;
  return `tests="${cases.length}" failures="${failures}" errors="0"`;
}

function formatCase(result: CaseResult): string {
  const { test, requests } = result;
  const last = requests.at(-1);
  const file = escapeXml(test.file);
  const seconds = last === undefined ? 0 : (last.at + last.elapsed) / 1000;
  const head = `    <testcase name="${escapeXml(test.name)}" classname="${file}" file="${file}" line="${test.at.line}" time="${seconds}"`;
  const failure = caseFailure(result, { color: false });
  if (failure === undefined) return `${head} />`;
  const short = (last?.mismatches ?? []).map(
    ({ what, expected, actual }) => `${what}: expected ${expected}, got ${actual}`,
  );
  return [
    `${head}>`,
    `      <failure type="mismatch" message="${escapeXml(short.join("; "))}">${escapeXml(failure)}</failure>`,
    "    </testcase>",
  ].join("\n");
}
