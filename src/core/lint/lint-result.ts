import type { Problem } from "../problem.ts";

/** All that lint found, sorted by place. */
export type LintResult = {
  readonly problems: readonly Problem[];
  /** How many files were looked at: the spec, its documents and policy files. */
  readonly files: number;
};
