import { listRules } from "../core/lint/policy/rule-table.ts";
import type { RuleInfo } from "../core/lint/policy/rule-table.ts";
import { nearestName } from "../core/nearest-name.ts";

export type Explained =
  | { readonly ok: true; readonly rule: RuleInfo }
  | { readonly ok: false; readonly nearest: string | undefined };

/** A rule by its id, or the rule that was probably meant. */
export function explainRule(id: string): Explained {
  const rules = listRules();
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return { ok: true, rule };
  return {
    ok: false,
    nearest: nearestName(
      id,
      rules.map((candidate) => candidate.id),
    ),
  };
}

export { listRules };
