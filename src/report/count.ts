import type { Plan } from "../core/plan/plan.ts";
import type { Problem, Severity } from "../core/problem.ts";

export function countProblems(problems: readonly Problem[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of problems) counts[severity] += 1;
  return counts;
}

/** `1 file`, `2 files`; the plural of regular English nouns. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `, 3 of them without a mark (--adopt takes them over)`; nothing when all that does not change carries the mark. */
export function formatUnmarked({ unmarked }: Pick<Plan, "unmarked">): string {
  return unmarked === 0 ? "" : `, ${unmarked} of them without a mark (--adopt takes them over)`;
}
