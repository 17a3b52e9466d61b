import { maxExpressionLength } from "../../../policy/expression/csharp/grammar.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAtExpression } from "./expression-finding.ts";

export const expressionTooLong: PolicyRule = {
  id: "expression-too-long",
  severity: "info",
  summary: "An expression is too long, or nested too deeply, to be looked into.",
  why: `Expressions of more than ${maxExpressionLength / 1024} KiB are not checked, so that one document cannot hold up a whole run.`,
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="n" value="@(${"(".repeat(900)}1${")".repeat(900)})" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="n" value="@((1))" /></inbound></policies>`,
  },
  *check(context) {
    const analysis = analyseExpressions(context);
    for (const placed of context.expressions) {
      if (analysis.of(placed).state !== "too-long") continue;
      const { length } = placed.expression.code;
      const message =
        length > maxExpressionLength
          ? `This expression of ${length} characters was not checked.`
          : "This expression was not checked: it is nested too deeply, or too far from C#.";
      yield findingAtExpression(context, placed, message, { help: "Split it over several variables." });
    }
  },
};
