import { policyRunner } from "../core/gateway/policies/index.ts";
import type { Fidelity } from "../core/gateway/policy-definition.ts";
import { listRules } from "../core/lint/policy/rule-table.ts";
import type { RuleInfo } from "../core/lint/policy/rule-table.ts";
import { nearestName } from "../core/nearest-name.ts";
import { allPolicies, isResolverRoot, policyOf } from "../core/policy/catalogue/catalogue.ts";
import type { PolicyDefinition } from "../core/policy/catalogue/catalogue.ts";

/** What is known of a policy, and how the gateway on the desk runs it; without `fidelity` it does not. */
export type PolicyInfo = {
  readonly definition: PolicyDefinition;
  readonly fidelity: Fidelity | undefined;
};

export type Explained =
  | { readonly kind: "rule"; readonly rule: RuleInfo }
  | { readonly kind: "policy"; readonly policy: PolicyInfo }
  | { readonly kind: "unknown"; readonly nearest: string | undefined };

/** A rule by its id or a policy by its name, or what was probably meant. */
export function explain(name: string): Explained {
  const rules = listRules();
  const rule = rules.find(({ id }) => id === name);
  if (rule !== undefined) return { kind: "rule", rule };
  const definition = policyOf(name);
  if (definition !== undefined) return { kind: "policy", policy: policyInfo(definition) };
  const names = [...rules.map(({ id }) => id), ...listPolicies().map((policy) => policy.definition.name)];
  return { kind: "unknown", nearest: nearestName(name, names) };
}

/** The policies that can stand in a policy document or a resolver, documented ones only, in the order of the catalogue. */
export function listPolicies(): readonly PolicyInfo[] {
  return allPolicies()
    .filter(({ name, sections, undocumented }) => {
      return undocumented !== true && (sections.length > 0 || isResolverRoot(name));
    })
    .map(policyInfo);
}

function policyInfo(definition: PolicyDefinition): PolicyInfo {
  return { definition, fidelity: policyRunner(definition.name)?.fidelity };
}

export { listRules };
