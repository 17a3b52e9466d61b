import { returnStatements } from "../../../policy/expression/csharp/control-flow.ts";
import { namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PlacedExpression } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions, type ParsedExpression } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

const conditions = new Set(["condition", "increment-condition"]);
/** Of these it is certain; an object or a JToken may be a bool when it is looked at. */
const others = new Set([
  "string",
  "char",
  "int",
  "long",
  "double",
  "decimal",
  "System.DateTime",
  "System.Guid",
]);

export const conditionNotBoolean: PolicyRule = {
  id: "condition-not-boolean",
  severity: "warning",
  summary: "A condition is neither true nor false: its expression gives something else.",
  why: "`condition` takes a Boolean constant or an expression that gives one (learn.microsoft.com/azure/api-management/choose-policy). Whether the service answers when the document is saved, or the first request fails, is not documented.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><choose><when condition="@(context.Request.Method)"><set-variable name="a" value="b" /></when></choose></inbound></policies>`,
    good: `<policies><inbound><choose><when condition="@(context.Request.Method == "GET")"><set-variable name="a" value="b" /></when></choose></inbound></policies>`,
  },
  *check(context) {
    for (const parsed of analyseExpressions(context).parsed()) {
      const { placed, model } = parsed;
      if (!isCondition(placed)) continue;
      for (const value of valuesOf(parsed)) {
        const type = model.typeOf(value);
        if (type === undefined || !others.has(type)) continue;
        yield findingAt(context, placed, value, `a condition must be a bool, and this is ${type}`, {
          help: "compare it, or parse it with `bool.Parse`",
        });
      }
    }
  },
};

function isCondition({ attribute }: PlacedExpression): boolean {
  return attribute !== undefined && conditions.has(attribute.name);
}

/** What the expression may give: its value, or what its `return` statements give. */
function valuesOf({ placed, model }: ParsedExpression): readonly CSharpNode[] {
  if (placed.expression.kind === "single") return [model.body];
  return returnStatements(model.body).flatMap((statement) => namedChildren(statement).slice(0, 1));
}
