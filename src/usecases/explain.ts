import { policyRunner, policyRunners } from "../core/gateway/policies/index.ts";
import type { Fidelity } from "../core/gateway/policy-definition.ts";
import { listRules } from "../core/lint/policy/rule-table.ts";
import type { RuleInfo } from "../core/lint/policy/rule-table.ts";
import { nearestName } from "../core/nearest-name.ts";
import { allPolicies, policyOf } from "../core/policy/catalogue/catalogue.ts";

/** A policy of the service, and how the gateway on the desk runs it. */
export type PolicyInfo = {
  readonly name: string;
  readonly sections: readonly string[];
  readonly scopes: readonly string[];
  /** The page or schema that the facts are from. */
  readonly source: string;
  /** Absent: it is not run. */
  readonly fidelity?: Fidelity;
};

export type Explained =
  | { readonly kind: "rule"; readonly rule: RuleInfo }
  | { readonly kind: "policy"; readonly policy: PolicyInfo }
  | { readonly kind: "unknown"; readonly nearest: string | undefined };

/** A rule by its id or a policy by its name, or what was probably meant. */
export function explain(id: string): Explained {
  const rules = listRules();
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return { kind: "rule", rule };
  const policy = policyInfo(id);
  if (policy !== undefined) return { kind: "policy", policy };
  const known = [...rules.map((candidate) => candidate.id), ...allPolicies().map(({ name }) => name)];
  return { kind: "unknown", nearest: nearestName(id, known) };
}

/** The policies that the gateway runs. */
export function listPolicies(): readonly PolicyInfo[] {
  return policyRunners.flatMap(({ name }) => policyInfo(name) ?? []);
}

function policyInfo(name: string): PolicyInfo | undefined {
  const definition = policyOf(name);
  if (definition === undefined || definition.sections.length === 0) return undefined;
  const runner = policyRunner(name);
  const { sections, scopes, source } = definition;
  return { name, sections, scopes, source, ...(runner === undefined ? {} : { fidelity: runner.fidelity }) };
}

export { listRules };
