import { compareProblems } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { LintContext } from "./rule.ts";
import { rules } from "./rules/index.ts";

/** Runs every rule over a sound spec and its model. Problems are sorted by place. */
export function lintModel(context: LintContext): Problem[] {
  return rules
    .flatMap((rule) =>
      rule.check(context).map((finding): Problem => ({ rule: rule.id, severity: rule.severity, ...finding })),
    )
    .sort(compareProblems);
}
