/** Checks policy documents: from the text to problems with their places. */
import type { Location } from "../../location.ts";
import { parsePolicyDocument } from "../../policy/parse.ts";
import type { PolicyDialect, PolicyDocument, PolicyElement, Range } from "../../policy/tree.ts";
import { compareProblems } from "../../problem.ts";
import type { Problem, Severity } from "../../problem.ts";
import { engineSeverity } from "./engine-rules.ts";
import { createPolicyContext } from "./policy-context.ts";
import type { PolicyLintContext } from "./policy-context.ts";
import { policyRuleGroups, policyRuleIds, policyRules } from "./policy-rules.ts";
import type { Fix, KnownEntities, PolicyRule, PolicyScope } from "./policy-rule.ts";
import { runRules, runsRule } from "./run-rules.ts";
import type { RuleFinding, RunOptions } from "./run-rules.ts";
import { decideSeverity } from "./severities.ts";
import type { Severities } from "./severities.ts";
import { applySuppressions } from "./suppressions.ts";

type CommonOptions = {
  /** Where the document applies, when that is known. */
  readonly scope?: PolicyScope | undefined;
  /** Tier of the service, such as `Consumption`, when it is known. */
  readonly sku?: string | undefined;
  /** What exists on the service; without it references are not checked. */
  readonly known?: KnownEntities | undefined;
  /** The fragments whose text is known, by id in lower case. */
  readonly fragments?: ReadonlyMap<string, PolicyDocument> | undefined;
  /** Parameters of the operation that the document is for; without them those of `rewrite-uri` are not checked. */
  readonly templateParameters?: readonly string[] | undefined;
  readonly severities?: Severities | undefined;
  /** False: expressions are not parsed as C#. They are neither while the grammar is not loaded. */
  readonly checksExpressions?: boolean | undefined;
  /** Other rules than all of them. */
  readonly rules?: readonly PolicyRule[] | undefined;
};

export type LintPolicyOptions = CommonOptions & {
  /** Name of the file in the places of problems; `policy.xml` when left out. */
  readonly file?: string;
  /** `auto`, the default, reads well-formed XML as `xml` and everything else as `rawxml`. */
  readonly dialect?: PolicyDialect | "auto" | undefined;
};

export type CheckedPolicy = {
  /** Sorted by place. */
  readonly problems: readonly Problem[];
  /** What can be put right mechanically, for the problems that have it. */
  readonly fixes: readonly Fix[];
};

/** All problems of one policy document or fragment, sorted by place. A rule that throws is a bug and is not caught. */
export function lintPolicyText(text: string, options: LintPolicyOptions = {}): Problem[] {
  return [...checkPolicyText(text, options).problems];
}

/** The same, with the changes that would put them right. */
export function checkPolicyText(text: string, options: LintPolicyOptions = {}): CheckedPolicy {
  const { file = "policy.xml", dialect = "auto" } = options;
  const parsed = parsePolicyDocument(text, { dialect });
  if (!parsed.ok) {
    const severity = decideSeverity(options.severities, "policy-syntax", engineSeverity("policy-syntax"));
    if (severity === undefined) return { problems: [], fixes: [] };
    const problems = parsed.problems.map((problem): Problem => ({
      rule: "policy-syntax",
      severity,
      message: problem.message,
      at: locateRange(file, problem.range),
      ...(problem.help === undefined ? {} : { help: problem.help }),
    }));
    return { problems, fixes: [] };
  }
  const context = createPolicyContext(parsed.document, { ...options, source: text, dialect: parsed.dialect });
  const findings = check(context, options);
  return {
    problems: toProblems(findings, ({ element, range }) => locateRange(file, range ?? element.nameRange)),
    fixes: findings.flatMap(({ fix }) => fix ?? []),
  };
}

export type LintTreeOptions = CommonOptions & {
  /** The place of a finding; `range` is in the text that the element was parsed from. */
  readonly locate: (element: PolicyElement, range: Range | undefined) => Location;
  /** Elements that findings may be about, given how bad they are; all when left out. */
  readonly concerns?: (element: PolicyElement, severity: Severity) => boolean;
  /** The text that an element was parsed from, for places inside its expressions. */
  readonly sourceOf?: (element: PolicyElement) => string | undefined;
  /** Tells apart the texts that parts of the document were parsed from: equal values, same text. */
  readonly textOf?: (element: PolicyElement) => unknown;
};

/** The same for a document that was built, not parsed: it has no text, but parts of it may come from one. */
export function lintPolicyTree(document: PolicyDocument, options: LintTreeOptions): Problem[] {
  const context = createPolicyContext(document, options);
  const { concerns = () => true } = options;
  const all = check(context, options, options.textOf);
  const findings = all.filter(({ element, severity }) => concerns(element, severity));
  return toProblems(findings, ({ element, range }) => options.locate(element, range ?? element.nameRange));
}

function check(
  context: PolicyLintContext,
  options: CommonOptions,
  textOf?: (element: PolicyElement) => unknown,
): RuleFinding[] {
  const { rules = policyRules } = options;
  const run: RunOptions = { ...options, rules };
  const findings = runRules(context, run);
  const referenceIds = new Set(policyRuleGroups.references.map(({ id }) => id));
  const ran = new Set(rules.filter((rule) => runsRule(rule, run)).map(({ id }) => id));
  const left = applySuppressions(context.document, findings, {
    ruleIds: policyRuleIds,
    // Without a parse fault this one has been looked for and is not there.
    hasRun: (id) =>
      id === "policy-syntax" || (ran.has(id) && (context.known !== undefined || !referenceIds.has(id))),
    ...(textOf === undefined ? {} : { textOf }),
  });
  const before = new Set(findings);
  return left.flatMap((finding) => (before.has(finding) ? [finding] : decided(finding, options.severities)));
}

function decided(finding: RuleFinding, severities: Severities | undefined): RuleFinding[] {
  const severity = decideSeverity(severities, finding.rule, finding.severity);
  return severity === undefined ? [] : [{ ...finding, severity }];
}

function toProblems(findings: readonly RuleFinding[], locate: (finding: RuleFinding) => Location): Problem[] {
  const problems = findings.map((finding): Problem => ({
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    at: locate(finding),
    ...(finding.help === undefined ? {} : { help: finding.help }),
  }));
  return withoutRepeats(problems.sort(compareProblems));
}

/** Sorted problems without those that say the same of the same place again. */
function withoutRepeats(sorted: readonly Problem[]): Problem[] {
  return sorted.filter((problem, index) => {
    const last = sorted[index - 1];
    return last === undefined || last.rule !== problem.rule || compareProblems(last, problem) !== 0;
  });
}

/** A range of a text as a place in its file; without one, the start of the file. */
export function locateRange(file: string, range: Range | undefined): Location {
  if (range === undefined) return { file, line: 1, column: 1 };
  const { start, end } = range;
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
