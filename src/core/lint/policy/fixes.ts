/** Mechanical changes, put into the text that they were found in. */
import { checkPolicyText } from "./lint-policy.ts";
import type { CheckedPolicy, LintPolicyOptions } from "./lint-policy.ts";
import type { Fix } from "./policy-rule.ts";

/** One fix can make room for the next, as when two of them overlap; more rounds than this mean that they undo each other. */
const mostRounds = 5;

export type FixedPolicy = CheckedPolicy & {
  readonly text: string;
  /** What was done, in order. */
  readonly applied: readonly Fix[];
};

/** Applies the fixes of a text's findings and looks again, until there are none left. */
export function fixPolicyText(source: string, options: LintPolicyOptions = {}): FixedPolicy {
  const applied: Fix[] = [];
  let text = source;
  let checked = checkPolicyText(text, options);
  for (let round = 0; round < mostRounds && checked.fixes.length > 0; round += 1) {
    const next = applyFixes(text, checked.fixes);
    if (next.text === text) break;
    applied.push(...next.applied);
    text = next.text;
    checked = checkPolicyText(text, options);
  }
  return { ...checked, text, applied };
}

/** Applies fixes in the order of their places. One that overlaps an earlier one is left for the next round. */
export function applyFixes(
  text: string,
  fixes: readonly Fix[],
): { readonly text: string; readonly applied: readonly Fix[] } {
  const sorted = fixes.toSorted(
    (a, b) => a.range.start.offset - b.range.start.offset || a.range.end.offset - b.range.end.offset,
  );
  const applied: Fix[] = [];
  let result = "";
  let at = 0;
  let last: Fix | undefined;
  for (const fix of sorted) {
    const { start, end } = fix.range;
    if (start.offset < at || (last !== undefined && start.offset === last.range.start.offset)) continue;
    result += text.slice(at, start.offset) + fix.text;
    at = end.offset;
    last = fix;
    applied.push(fix);
  }
  return { text: result + text.slice(at), applied };
}
