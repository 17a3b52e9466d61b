import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PlacedExpression, PolicyLintContext } from "../policy-context.ts";
import type { PolicyFinding } from "../policy-rule.ts";
import { expressionRange } from "./expression-range.ts";

/** Part of a finding that a rule may add to its message. */
export type FindingExtras = Pick<PolicyFinding, "help" | "severity">;

/** A finding at a node of the expression's code. */
export function findingAt(
  context: PolicyLintContext,
  placed: PlacedExpression,
  { start, end }: Pick<CSharpNode, "start" | "end">,
  message: string,
  extras: FindingExtras = {},
): PolicyFinding {
  const { codeOffset } = placed.expression;
  return findingInValue(
    context,
    placed,
    { start: codeOffset + start, end: codeOffset + end },
    message,
    extras,
  );
}

/** A finding at a stretch of the decoded value, as the tokens of the expression have it. */
export function findingInValue(
  context: PolicyLintContext,
  placed: PlacedExpression,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
  extras: FindingExtras = {},
): PolicyFinding {
  const range = expressionRange(context, placed, start, Math.max(1, end - start));
  const { element } = placed.place;
  return range === undefined ? { message, element, ...extras } : { message, element, range, ...extras };
}

/** A finding at the whole of an expression. */
export function findingAtExpression(
  context: PolicyLintContext,
  placed: PlacedExpression,
  message: string,
  extras: FindingExtras = {},
): PolicyFinding {
  const { codeOffset, code } = placed.expression;
  const span = { start: codeOffset - 2, end: codeOffset + code.length + 1 };
  return findingInValue(context, placed, span, message, extras);
}
