import type { Location } from "../location.ts";
import type { Problem } from "../problem.ts";
import type { SpecRule } from "./rules.ts";
import type { LineIndex, Span } from "./text-position.ts";
import { pointer } from "./source.ts";

export type Path = readonly (string | number)[];

/** A problem while it still has an offset instead of a line: offsets tell which overlay it lies in. */
export type Finding = {
  readonly rule: SpecRule;
  readonly message: string;
  readonly span: Span;
  /** The spec node it is about, when there is one. */
  readonly path?: Path;
  readonly help?: string;
};

/** Takes a finding; nearly every check has one as its only way out. */
export type Report = (finding: Finding) => void;

/** Equal for findings that say the same about the same place. */
export function findingKey(finding: Finding): string {
  return `${finding.rule} ${finding.span.start} ${finding.message}`;
}

/** All problems of a spec are errors: each stops compiling. */
export function toProblem(finding: Finding, file: string, lines: LineIndex): Problem {
  const { rule, message, help } = finding;
  const at = locateSpan(finding.span, file, lines, finding.path);
  return { rule, severity: "error", message, at, ...(help === undefined ? {} : { help }) };
}

export function locateSpan(span: Span, file: string, lines: LineIndex, path?: Path): Location {
  const start = lines.place(span.start);
  const end = lines.place(Math.max(span.start, span.end));
  return {
    file,
    ...start,
    endLine: end.line,
    endColumn: end.column,
    ...(path === undefined ? {} : { pointer: pointer(...path) }),
  };
}
