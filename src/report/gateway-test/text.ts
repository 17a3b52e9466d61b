/** Test results for people: every case, then what failed with its place, a diff, and the trace of the request. */
import { diffLines } from "diff";
import type { Mismatch } from "../../core/gateway-test/mismatch.ts";
import type { CaseResult, RequestResult } from "../../core/gateway-test/run-cases.ts";
import { clockTime } from "../../core/gateway/clock-time.ts";
import { formatLocation } from "../../core/location.ts";
import type { Location } from "../../core/location.ts";
import { simulationStart } from "../../core/simulate/simulation.ts";
import { plural } from "../count.ts";
import { formatAttempts, formatTrace } from "../simulate/explained.ts";
import { shortTime } from "../simulate/gateway-run.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";

export function formatTests(results: readonly CaseResult[], leftOut: number, style: ReportStyle): string {
  const byFile = [...Map.groupBy(results, ({ test }) => test.file)];
  const lists = byFile.map(([file, cases]) => formatFile(file, cases, style));
  const failures = results.flatMap((result) => formatCaseFailure(result, style));
  return [...lists, ...failures, formatSummary(results, leftOut, style)].join("\n\n");
}

/** A failed case in plain lines: what was expected, and what was not so. Nothing for one that passed. */
export function caseFailure(result: CaseResult, style: ReportStyle): string | undefined {
  const request = result.requests.at(-1);
  if (result.passed || request === undefined) return undefined;
  return [
    whichRequest(result, request),
    ...request.mismatches.map((mismatch) => formatMismatch(mismatch, style)),
    formatRequest(request, style),
  ].join("\n\n");
}

function formatFile(file: string, cases: readonly CaseResult[], style: ReportStyle): string {
  const { bold, green, red } = palette(style);
  const lines = cases.map(
    ({ test, passed }) => `  ${passed ? green("ok  ") : red("FAIL")}  ${visibleLine(test.name)}`,
  );
  return [bold(visibleLine(file)), ...lines].join("\n");
}

function formatCaseFailure(result: CaseResult, style: ReportStyle): string[] {
  const text = caseFailure(result, style);
  if (text === undefined) return [];
  const { bold, red } = palette(style);
  const { at, name } = result.test;
  return [`${red("FAIL")} ${bold(visibleLine(name))}  ${formatLocation(at)}\n${text}`];
}

function whichRequest(
  { test, requests }: CaseResult,
  { step, repetition, at, status, elapsed, isCut }: RequestResult,
): string {
  const ofStep = (test.steps[step - 1]?.times ?? 1) > 1 ? `, number ${repetition} of it` : "";
  const which = test.steps.length > 1 ? `step ${step}${ofStep}, ` : "";
  const count = requests.length > 1 ? `request ${requests.length}, ` : "";
  return `  ${which}${count}at ${clockTime(simulationStart + at)}: ${status} after ${shortTime(elapsed)}${isCut ? ", broke off" : ""}`;
}

function formatMismatch(
  { what, expected, actual, at }: Mismatch & { readonly at: Location },
  style: ReportStyle,
): string {
  const { bold, dim } = palette(style);
  return [
    `  ${bold(visibleLine(what))} ${dim(formatLocation(at))}`,
    ...difference(expected, actual, style),
  ].join("\n");
}

/** Expected lines with `-`, actual ones with `+`, as in a diff; long texts line by line. */
function difference(expected: string, actual: string, style: ReportStyle): string[] {
  const { red, green, dim } = palette(style);
  const paint = { "-": red, "+": green, " ": dim } as const;
  const line = (sign: keyof typeof paint, text: string): string =>
    paint[sign](`    ${sign} ${visibleLine(text)}`);
  if (!expected.includes("\n") && !actual.includes("\n")) {
    return [line("-", `expected ${expected}`), line("+", `got      ${actual}`)];
  }
  const parts = diffLines(visible(expected), visible(actual));
  return parts.flatMap(({ value, added, removed }) => {
    const sign = added ? "+" : removed ? "-" : " ";
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => line(sign, text));
  });
}

function formatRequest({ attempts, trace, at }: RequestResult, style: ReportStyle): string {
  const { bold } = palette(style);
  const tries = attempts.length === 0 ? ["  none"] : formatAttempts(attempts);
  return [
    `  ${bold("attempts")}`,
    ...tries.map(indent),
    "",
    ...formatTrace(trace, at, style).map(indent),
  ].join("\n");
}

function indent(line: string): string {
  return line === "" ? "" : `  ${line}`;
}

function formatSummary(results: readonly CaseResult[], leftOut: number, style: ReportStyle): string {
  const { green, red, dim } = palette(style);
  const failed = results.filter(({ passed }) => !passed).length;
  const passed = results.length - failed;
  const files = new Set(results.map(({ test }) => test.file)).size;
  const counts = [
    ...(passed > 0 ? [green(`${passed} passed`)] : []),
    ...(failed > 0 ? [red(`${failed} failed`)] : []),
    ...(leftOut > 0 ? [dim(`${leftOut} left out`)] : []),
  ];
  return `${plural(results.length, "case")} in ${plural(files, "file")}: ${counts.join(", ")}.`;
}
