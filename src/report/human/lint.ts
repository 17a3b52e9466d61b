import type { LintResult } from "../../core/lint/lint-result.ts";
import { compareProblems, compareText, type Problem, type Severity } from "../../core/problem.ts";
import { countProblems, plural } from "../count.ts";
import { palette, type ReportStyle } from "../style.ts";
import { formatProblem, type Sources } from "./problem.ts";

/** All problems by file and place, each with its line, and a sentence that counts them. */
export function formatLint(result: LintResult, sources: Sources, style: ReportStyle): string {
  const blocks = byFile(result.problems).map((problems) =>
    problems.map((problem) => formatProblem(problem, sources, style)).join("\n"),
  );
  return [...blocks, formatLintSummary(countProblems(result.problems), result.files, style)].join("\n\n");
}

/** A sentence that counts the problems. */
export function formatLintSummary(
  { error, warning, info }: Readonly<Record<Severity, number>>,
  fileCount: number,
  style: ReportStyle,
): string {
  const { green, red, yellow } = palette(style);
  const files = plural(fileCount, "file");
  if (error + warning + info === 0) return green(`No problems in ${files}.`);
  const counts = [plural(error, "error"), plural(warning, "warning")];
  if (info > 0) counts.push(`${info} info`);
  const paint = error > 0 ? red : warning > 0 ? yellow : green;
  return paint(`${counts.join(", ")} in ${files}.`);
}

function byFile(problems: readonly Problem[]): Problem[][] {
  const groups = Map.groupBy(problems, ({ at }) => at.file);
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, group]) => group.toSorted(compareProblems));
}
