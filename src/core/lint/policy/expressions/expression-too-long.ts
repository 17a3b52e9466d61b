import { maxExpressionLength } from "../../../policy/expression/csharp/grammar.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions, maxFaultyCode } from "./expression-analysis.ts";
import { findingAtExpression } from "./expression-finding.ts";

export const expressionTooLong: PolicyRule = {
  id: "expression-too-long",
  severity: "info",
  summary: "An expression is too long, nested too deeply, or too far from C# to be looked into.",
  why: `Expressions of more than ${maxExpressionLength / 1024} KiB are not checked, nor those after ${maxFaultyCode / 1024} KiB of code that is no C#, so that one document cannot hold up a whole run.`,
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="n" value="@(${"(".repeat(900)}1${")".repeat(900)})" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="n" value="@((1))" /></inbound></policies>`,
  },
  *check(context) {
    const analysis = analyseExpressions(context);
    for (const placed of context.expressions) {
      const { state } = analysis.of(placed);
      if (state === "given-up") {
        const message = "this expression and those after it were not checked: too much before them is no C#";
        yield findingAtExpression(context, placed, message, { help: "put right what stands before" });
        return;
      }
      if (state !== "too-long") continue;
      const { length } = placed.expression.code;
      const message =
        length > maxExpressionLength
          ? `this expression of ${length} characters was not checked`
          : "this expression was not checked: it is too long, nested too deeply, or too far from C#";
      yield findingAtExpression(context, placed, message, { help: "split it over several variables" });
    }
  },
};
