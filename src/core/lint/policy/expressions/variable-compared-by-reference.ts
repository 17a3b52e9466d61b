import type { PolicyRule } from "../policy-rule.ts";
import { comparisonsOf } from "./comparisons.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { variableRead } from "./variables.ts";

export const variableComparedByReference: PolicyRule = {
  id: "variable-compared-by-reference",
  severity: "warning",
  summary: "A variable is compared with a text without a cast.",
  why: '`context.Variables["x"]` is an object: `==` with a string then asks whether both are the same object (compiler warning CS0252), which equal texts need not be. See https://learn.microsoft.com/dotnet/csharp/misc/cs0252.',
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="m" value="@(context.Request.Method)" /><choose><when condition="@(context.Variables["m"] == "GET")"><return-response /></when></choose></inbound></policies>`,
    good: `<policies><inbound><set-variable name="m" value="@(context.Request.Method)" /><choose><when condition="@((string)context.Variables["m"] == "GET")"><return-response /></when></choose></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { node, sides } of comparisonsOf(model)) {
        for (const [side, other] of [sides, [sides[1], sides[0]]] as const) {
          const name = variableRead(side, model);
          if (name === undefined || model.typeOf(other) !== "string") continue;
          const message = `the variable '${name}' is compared as an object, not as a text`;
          yield findingAt(context, placed, node, message, {
            help: `cast it: \`(string)context.Variables["${name}"]\``,
          });
        }
      }
    }
  },
};
