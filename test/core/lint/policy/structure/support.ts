import { parsePolicyDocument } from "../../../../../src/core/policy/parse.ts";
import {
  createPolicyContext,
  type PolicyContextOptions,
} from "../../../../../src/core/lint/policy/policy-context.ts";
import type { PolicyRule } from "../../../../../src/core/lint/policy/policy-rule.ts";
import { referenceRules } from "../../../../../src/core/lint/policy/references/index.ts";
import { structureRules } from "../../../../../src/core/lint/policy/structure/index.ts";

export type Found = {
  readonly rule: string;
  readonly severity: string;
  readonly line: number | undefined;
  readonly message: string;
  readonly help: string | undefined;
  /** What the finding marks in the source. */
  readonly marked: string | undefined;
};

/** The findings of all structure and reference rules over a text that parses; undefined for one that does not. */
export function findAll(source: string, options: PolicyContextOptions = {}): Found[] | undefined {
  const parsed = parsePolicyDocument(source, { dialect: "auto" });
  if (!parsed.ok) return undefined;
  const context = createPolicyContext(parsed.document, { source, dialect: parsed.dialect, ...options });
  return [...structureRules, ...referenceRules].flatMap((rule) => findingsOf(rule, source, context));
}

function findingsOf(
  rule: PolicyRule,
  source: string,
  context: ReturnType<typeof createPolicyContext>,
): Found[] {
  return [...rule.check(context)].map(({ element, range, message, help, severity }) => {
    const at = range ?? element.nameRange;
    return {
      rule: rule.id,
      severity: severity ?? rule.severity,
      line: at?.start.line,
      message,
      help,
      marked: at === undefined ? undefined : source.slice(at.start.offset, at.end.offset),
    };
  });
}
