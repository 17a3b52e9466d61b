import { formatLocation } from "../../core/location.ts";
import type { Problem, Severity } from "../../core/problem.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";
import { formatCodeFrame } from "./code-frame.ts";

/** Text of a file by the name that locations carry; undefined when it cannot be read. */
export type Sources = (file: string) => string | undefined;

/**
 * One problem, with the line it is on:
 *
 *     gateway.yaml:12:10 error unknown backend "main" (unknown-reference)
 *       12 |     url: …
 *          |          ^^^
 *       help: …
 */
export function formatProblem(problem: Problem, sources: Sources, style: ReportStyle): string {
  const { bold, dim } = palette(style);
  const place = bold(visibleLine(formatLocation(problem.at)));
  const head = `${place} ${formatSeverity(problem.severity, style)} ${visible(problem.message)} ${dim(`(${problem.rule})`)}`;
  const source = sources(problem.at.file);
  const frame = source === undefined ? undefined : formatCodeFrame(source, problem.at, style);
  const help = problem.help === undefined ? undefined : `help: ${visible(problem.help)}`;
  return [head, ...[frame, help].filter((part) => part !== undefined).map(indent)].join("\n");
}

export function formatSeverity(severity: Severity, style: ReportStyle): string {
  const { red, yellow, blue } = palette(style);
  switch (severity) {
    case "error":
      return red(severity);
    case "warning":
      return yellow(severity);
    case "info":
      return blue(severity);
  }
}

/** Two spaces before every line that has text. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
