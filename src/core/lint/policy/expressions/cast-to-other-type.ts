import { resultsOf } from "../../../policy/expression/csharp/control-flow.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import type { ParsedExpression } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { variableCasts, variableSetters } from "./variables.ts";

/** Types that a value of another one of them cannot be cast to once it is stored as an object: not even int to long. */
const distinct = new Set([
  ...["string", "char", "bool", "int", "long", "float", "double", "decimal"],
  ...["System.DateTime", "System.Guid", "System.TimeSpan"],
]);

export const castToOtherType: PolicyRule = {
  id: "cast-to-other-type",
  severity: "warning",
  summary: "A variable is cast to another type than the one that was stored.",
  why: "A cast of `context.Variables[…]` takes the stored value as it is and converts nothing: `(string)` of a number and `(long)` of an `int` throw `Specified cast is not valid`. See https://learn.microsoft.com/azure/api-management/set-variable-policy#allowed-types.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="left" value="@(3 - 1)" /><set-header name="x-left"><value>@((string)context.Variables["left"])</value></set-header></inbound></policies>`,
    good: `<policies><inbound><set-variable name="left" value="@(3 - 1)" /><set-header name="x-left"><value>@(((int)context.Variables["left"]).ToString())</value></set-header></inbound></policies>`,
  },
  *check(context) {
    const { values, isOpen } = variableSetters(context);
    const mayBeIncluded = context.shape !== "document" || context.named("include-fragment").length > 0;
    if (isOpen || mayBeIncluded) return;
    const parsed = analyseExpressions(context).parsed();
    const byAttribute = new Map(
      parsed.flatMap((each) => (each.placed.attribute ? [[each.placed.attribute, each]] : [])),
    );
    for (const { placed, model } of parsed) {
      for (const { node, name, type } of variableCasts(model)) {
        const stored = commonType((values.get(name) ?? []).map((value) => typeOf(byAttribute.get(value))));
        const wanted = type.replace(/\?$/, "");
        if (
          node.type !== "cast_expression" ||
          stored === undefined ||
          stored === wanted ||
          !distinct.has(wanted)
        )
          continue;
        const message = `the cast to ${type} fails: '${name}' holds ${stored === "int" ? "an" : "a"} ${stored}`;
        yield findingAt(context, placed, node, message, {
          help: `cast it to ${stored} first, then convert`,
        });
      }
    }
  },
};

/** The type that an expression gives on every path, where that is certain. */
function typeOf(expression: ParsedExpression | undefined): string | undefined {
  if (expression === undefined) return undefined;
  const { model, placed } = expression;
  return commonType(resultsOf(model.body, placed.expression.kind).map((node) => model.typeOf(node)));
}

function commonType(types: readonly (string | undefined)[]): string | undefined {
  const [first] = types;
  return first !== undefined && distinct.has(first) && types.every((type) => type === first)
    ? first
    : undefined;
}
