/** The rules over policy documents, by group. */
import { expressionRules } from "./expressions/index.ts";
import { listEngineRules } from "./engine-rules.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { practiceRules } from "./practice/index.ts";
import { referenceRules } from "./references/index.ts";
import { structureRules } from "./structure/index.ts";

export type PolicyRuleGroup = "structure" | "references" | "expressions" | "practice";

export const policyRuleGroups: Readonly<Record<PolicyRuleGroup, readonly PolicyRule[]>> = {
  structure: structureRules,
  references: referenceRules,
  expressions: expressionRules,
  practice: practiceRules,
};

export const policyRules: readonly PolicyRule[] = Object.values(policyRuleGroups).flat();

/** Every id that a finding in a policy document can have. */
export const policyRuleIds: readonly string[] = [...listEngineRules(), ...policyRules].map(({ id }) => id);
