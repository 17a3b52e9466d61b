import type { Location } from "./location.ts";

export type Severity = "error" | "warning" | "info";

/** One thing that is wrong, or doubtful, in what the user wrote. Problems are data: all are collected, none throws. */
export type Problem = {
  /** Kebab-case id that names the fault, such as `unknown-key`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Location;
  /** What to do about it. */
  readonly help?: string;
};

const severityRank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Stable order for reports: file, line, column, then severity, rule and message. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compareText(a.at.file, b.at.file) ||
    a.at.line - b.at.line ||
    a.at.column - b.at.column ||
    severityRank[a.severity] - severityRank[b.severity] ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

/** Code-unit order: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
