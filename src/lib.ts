/**
 * apimgw as a library: lint for API Management policy documents, for editors and other tools.
 *
 *     import { lintPolicies } from "apimgw";
 *     const problems = await lintPolicies([{ file: "policy.xml", text }]);
 */
import { readGrammarWasm } from "./adapters/grammar.ts";
import { lintPolicyText } from "./core/lint/policy/lint-policy.ts";
import { policyRuleIds } from "./core/lint/policy/policy-rules.ts";
import type { KnownEntities, PolicyScope } from "./core/lint/policy/policy-rule.ts";
import { describeUnknownRule, isRuleSetting } from "./core/lint/policy/severities.ts";
import type { RuleSetting } from "./core/lint/policy/severities.ts";
import { isCSharpGrammarLoaded, loadCSharpGrammar } from "./core/policy/expression/csharp/grammar.ts";
import { compareProblems } from "./core/problem.ts";
import type { Problem } from "./core/problem.ts";

export type { Location } from "./core/location.ts";
export type { Problem, Severity } from "./core/problem.ts";
export type { KnownEntities, PolicyScope, RuleSetting };

/** One policy document or fragment. */
export type PolicyInput = {
  /** The name that its problems carry. */
  readonly file: string;
  readonly text: string;
  /** Where it applies, when that is known; some rules need it. */
  readonly scope?: PolicyScope;
};

export type LintPoliciesOptions = {
  /** Severities by rule id; `off` switches a rule off. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Tier of the service, such as `Consumption` or `StandardV2`; some rules need it. */
  readonly sku?: string;
  /** What exists on the service. Lists that are left out count as empty; without `known` references are not checked. */
  readonly known?: Partial<KnownEntities>;
  /** How expressions are written; `auto`, the default, finds out. */
  readonly dialect?: "auto" | "rawxml" | "xml";
  /** False: the C# in expressions is not parsed, and the grammar is not loaded. */
  readonly expressions?: boolean;
};

/**
 * Checks each policy document by itself as `apimgw lint policies` does (which also looks into the fragments that it finds, and for
 * fragments that include each other), touching neither disk nor network but for the C# grammar, which is read
 * once, when the first document has expressions. Problems are sorted by file and place; lines and columns count from 1, and the
 * end is exclusive. Comments in the documents that switch rules off count. Throws TypeError for a rule or severity that does
 * not exist. What is wrong with a document never throws.
 */
export async function lintPolicies(
  inputs: readonly PolicyInput[],
  options: LintPoliciesOptions = {},
): Promise<Problem[]> {
  const { sku, dialect, expressions = true } = options;
  const severities = readSeverities(options.rules ?? {});
  const needsGrammar = expressions && inputs.some(({ text }) => /@\s*[({]/.test(text));
  if (needsGrammar && !isCSharpGrammarLoaded()) await loadCSharpGrammar(await readGrammarWasm());
  const known = options.known === undefined ? undefined : { ...nothingKnown, ...options.known };
  return inputs
    .flatMap(({ file, text, scope }) =>
      lintPolicyText(text, {
        file,
        scope,
        sku,
        dialect,
        known,
        severities,
        checksExpressions: expressions,
      }),
    )
    .sort(compareProblems);
}

const nothingKnown: KnownEntities = {
  backends: [],
  fragments: [],
  loggers: [],
  namedValues: [],
  certificates: [],
};

function readSeverities(rules: Readonly<Record<string, unknown>>): Map<string, RuleSetting> {
  return new Map(
    Object.entries(rules).map(([id, setting]) => {
      if (!policyRuleIds.includes(id)) throw new TypeError(describeUnknownRule(id, policyRuleIds).message);
      if (!isRuleSetting(setting)) throw new TypeError(`${id}: ${JSON.stringify(setting)} is no severity`);
      return [id, setting];
    }),
  );
}
