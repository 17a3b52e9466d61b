import { isCSharpGrammarLoaded } from "../../policy/expression/csharp/grammar.ts";
import type { Severity } from "../../problem.ts";
import type { PolicyLintContext } from "./policy-context.ts";
import type { PolicyFinding, PolicyRule } from "./policy-rule.ts";
import { decideSeverity } from "./severities.ts";
import type { Severities } from "./severities.ts";

/** A finding with its rule and the severity that counts. */
export type RuleFinding = PolicyFinding & { readonly rule: string; readonly severity: Severity };

export type RunOptions = {
  readonly rules: readonly PolicyRule[];
  readonly severities?: Severities | undefined;
  /** False: rules that need the C# grammar are passed over even when it is loaded. */
  readonly checksExpressions?: boolean | undefined;
};

/** Whether a rule is run with these options. */
export function runsRule(rule: PolicyRule, { severities, checksExpressions = true }: RunOptions): boolean {
  if (severities?.get(rule.id) === "off") return false;
  return rule.needsGrammar !== true || (checksExpressions && isCSharpGrammarLoaded());
}

/** Runs the rules over one document. */
export function runRules(context: PolicyLintContext, options: RunOptions): RuleFinding[] {
  const found: RuleFinding[] = [];
  for (const rule of options.rules) {
    if (!runsRule(rule, options)) continue;
    for (const finding of rule.check(context)) {
      const severity = decideSeverity(options.severities, rule.id, finding.severity ?? rule.severity);
      if (severity !== undefined) found.push({ ...finding, rule: rule.id, severity });
    }
  }
  return found;
}
