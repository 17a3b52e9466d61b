import { isExpressionStart, scanExpression, startsAsExpression } from "../../../policy/expression/scan.ts";
import { elementText } from "../../../policy/tree.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PlacedExpression, PolicyLintContext } from "../policy-context.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { codeOutsideText } from "./code-outside-text.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { whyNoValue } from "./expression-not-a-value.ts";
import { firstSyntaxError } from "./syntax-error.ts";
import { longCharacterLiterals, unknownEscapes } from "./text-faults.ts";

export const expressionSyntax: PolicyRule = {
  id: "expression-syntax",
  severity: "error",
  summary: "An expression is not C#.",
  why: "The service compiles every expression when the document is saved and refuses the document when that fails. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#syntax.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@(context.Request.Method ==)" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@(context.Request.Method == "GET")" /></inbound></policies>`,
  },
  *check(context) {
    const analysis = analyseExpressions(context);
    for (const placed of context.expressions) {
      const result = analysis.of(placed);
      if (result.state !== "invalid" || hasBetterMessage(placed)) continue;
      const fault = firstSyntaxError(result.tree);
      yield findingAt(context, placed, fault, fault.message, {
        help: "look for a `;`, an operator, a quote or a bracket that is missing here or just before",
      });
    }
    for (const { element } of context.elements) yield* unreadable(context, element);
  },
};

/** Another rule says what is wrong. */
function hasBetterMessage({ expression }: PlacedExpression): boolean {
  return (
    whyNoValue(expression) !== undefined ||
    codeOutsideText(expression).includes("<!--") ||
    longCharacterLiterals(expression).length > 0 ||
    unknownEscapes(expression).length > 0
  );
}

/** Values that begin as expressions and whose end cannot be found. */
function* unreadable(context: PolicyLintContext, element: PolicyElement): Iterable<PolicyFinding> {
  for (const { name, value, valueRange } of element.attributes) {
    const error = scanError(value);
    if (error === undefined) continue;
    const message = `the expression in attribute ${name} cannot be read: ${error}`;
    yield valueRange === undefined ? { message, element } : { message, element, range: valueRange };
  }
  if (element.children.some(({ type }) => type !== "text")) return;
  const error = scanError(elementText(element));
  if (error !== undefined) yield { message: `the expression cannot be read: ${error}`, element };
}

function scanError(value: string): string | undefined {
  if (!startsAsExpression(value) || /\{\{|\$\{|#\{|\{\d+\}|\$\(/.test(value)) return undefined;
  const start = value.indexOf("@");
  if (!isExpressionStart(value, start)) return undefined;
  const scanned = scanExpression(value, start);
  return "error" in scanned ? scanned.error : undefined;
}
