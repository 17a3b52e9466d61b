/** Lint results as JUnit XML. Every finding is a failed test case, whatever its severity, so that no viewer drops the warnings. */
import { compareProblems, compareText } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { formatLocation } from "../core/location.ts";
import { visible } from "./visible.ts";

/** `files` are all files that were looked at: those without findings pass. */
export function formatLintJunit(problems: readonly Problem[], files: readonly string[]): string {
  const byFile = Map.groupBy(problems.toSorted(compareProblems), ({ at }) => at.file);
  const names = [...new Set([...files, ...byFile.keys()])].sort(compareText);
  const suites = names.map((name) => formatSuite(name, byFile.get(name) ?? []));
  const tests = names.reduce((sum, name) => sum + Math.max(1, byFile.get(name)?.length ?? 0), 0);
  const head = `<testsuites name="apimgw lint" tests="${tests}" failures="${problems.length}" errors="0">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, "</testsuites>", ""].join("\n");
}

function formatSuite(file: string, problems: readonly Problem[]): string {
  const name = escapeXml(file);
  const tests = Math.max(1, problems.length);
  const cases =
    problems.length === 0
      ? [`    <testcase name="no problems" classname="${name}" file="${name}" />`]
      : problems.map(formatCase);
  return [
    `  <testsuite name="${name}" tests="${tests}" failures="${problems.length}" errors="0">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
}

function formatCase({ rule, severity, message, at, help }: Problem): string {
  const file = escapeXml(at.file);
  const text = [`${formatLocation(at)} ${severity} ${message} (${rule})`, help].filter(Boolean).join("\n");
  return [
    `    <testcase name="${escapeXml(`${rule} at ${at.line}:${at.column}`)}" classname="${file}" file="${file}" line="${at.line}">`,
    `      <failure type="${severity}" message="${escapeXml(message)}">${escapeXml(text)}</failure>`,
    "    </testcase>",
  ].join("\n");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** For attributes and text alike; characters that XML cannot hold are shown as escapes. */
export function escapeXml(text: string): string {
  return visible(text.toWellFormed())
    .replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD")
    .replaceAll(/[&<>"\n\t]/g, (character) => entities[character] ?? character);
}
