import { canReachEnd, returnStatements } from "../../../policy/expression/csharp/control-flow.ts";
import { namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt, findingAtExpression } from "./expression-finding.ts";

export const blockWithoutReturn: PolicyRule = {
  id: "block-without-return",
  severity: "error",
  summary: "A path through `@{ … }` ends without returning a value.",
  why: "A multi-statement expression is a method body: the compiler wants a value from every path (CS0161). See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#syntax.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@{ if (context.User != null) { return 1; } }" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@{ if (context.User != null) { return 1; } return 0; }" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      if (placed.expression.kind !== "block") continue;
      const returns = returnStatements(model.body);
      for (const statement of returns) {
        if (namedChildren(statement).length > 0) continue;
        yield findingAt(
          context,
          placed,
          statement,
          "`return` gives no value here; an expression must have one",
        );
      }
      if (!canReachEnd(model.body)) continue;
      const message =
        returns.length === 0
          ? "these statements never return a value"
          : "not every path through these statements returns a value";
      yield findingAtExpression(context, placed, message, {
        help: "end every branch, or the block as a whole, with `return …;`",
      });
    }
  },
};
