/** Test results for scripts. */
import type { CaseResult, RequestResult } from "../../core/gateway-test/run-cases.ts";

export function formatTestsJson(results: readonly CaseResult[], leftOut: number): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const summary = {
    files: new Set(results.map(({ test }) => test.file)).size,
    cases: results.length,
    passed: results.length - failed,
    failed,
    leftOut,
  };
  return JSON.stringify({ formatVersion: 1, cases: results.map(caseJson), summary }, null, 2);
}

function caseJson({ test, passed, requests }: CaseResult): object {
  const { file, line, column } = test.at;
  const last = passed ? undefined : requests.at(-1);
  return {
    name: test.name,
    file,
    line,
    column,
    passed,
    requests: requests.map(({ step, at, elapsed, firstByte, isCut, status, attempts }) => ({
      step,
      t: at / 1000,
      seconds: elapsed / 1000,
      ...(firstByte === undefined ? {} : { firstByte: firstByte / 1000 }),
      ...(isCut ? { isCut } : {}),
      status,
      backends: attempts.map(({ backend }) => backend),
    })),
    failures: (last?.mismatches ?? []).map(({ what, expected, actual, at }) => ({
      what,
      expected,
      actual,
      file: at.file,
      line: at.line,
      column: at.column,
    })),
    trace: last === undefined ? [] : traceJson(last),
  };
}

function traceJson({ trace, at: start }: RequestResult): object[] {
  const [first] = trace;
  return trace.map(({ at, statement, text }) => ({
    t: (start + at - (first?.at ?? at)) / 1000,
    policy: statement?.policy ?? null,
    scope: statement?.scope ?? null,
    section: statement?.section ?? null,
    path: statement?.path ?? null,
    text,
  }));
}
