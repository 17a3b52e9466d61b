import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { comparisonsOf } from "./comparisons.ts";
import type { Comparison } from "./comparisons.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import type { FindingExtras } from "./expression-finding.ts";
import { findingAt } from "./expression-finding.ts";
import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import { isReplacedLater, literalText } from "./literals.ts";

type Fault = { readonly message: string; readonly extras: FindingExtras };

/** Types between which C# has no `==`. */
const apart = new Set([
  "string",
  "string[]",
  "int",
  "bool",
  "char",
  "System.DateTime",
  "System.Guid",
  "System.TimeSpan",
]);
const compatible = new Set(["char int", "int char"]);

export const comparisonNeverHolds: PolicyRule = {
  id: "comparison-never-holds",
  severity: "error",
  summary: "Two values are compared that can never be equal.",
  why: "Values of different types are refused by the compiler (CS0019); a method in lower case or an impossible status code is accepted and never met. StatusCode is an int, Method an upper-case string: https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><outbound><choose><when condition="@(context.Response.StatusCode == "429")"><return-response /></when></choose></outbound></policies>`,
    good: `<policies><outbound><choose><when condition="@(context.Response.StatusCode == 429)"><return-response /></when></choose></outbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const comparison of comparisonsOf(model)) {
        const fault = typeFault(comparison, model) ?? valueFault(comparison, model);
        if (fault !== undefined)
          yield findingAt(context, placed, comparison.node, fault.message, fault.extras);
      }
    }
  },
};

function typeFault({ sides, operator }: Comparison, { typeOf }: CodeModel): Fault | undefined {
  const [left, right] = [typeOf(sides[0]), typeOf(sides[1])];
  if (left === undefined || right === undefined || left === right) return undefined;
  if (!apart.has(left) || !apart.has(right) || compatible.has(`${left} ${right}`)) return undefined;
  return {
    message: `operator \`${operator}\` cannot compare ${left} with ${right}`,
    extras: { help: "convert one side, or write the literal in the other's type" },
  };
}

function valueFault(comparison: Comparison, model: CodeModel): Fault | undefined {
  const { sides, operator } = comparison;
  for (const [member, literal] of [sides, [sides[1], sides[0]]] as const) {
    const access = accessOf(member, model.textOf);
    const owner = access === undefined ? undefined : model.typeOf(access.owner);
    const outcome = operator === "==" ? "never" : "always";
    if (owner === "IRequest" && access?.name === "Method") {
      const text = literalText(literal, model);
      if (text === undefined || isReplacedLater(text) || text === text.toUpperCase()) continue;
      const message = `Request.Method is in upper case: this is ${outcome} true`;
      return { message, extras: { severity: "warning", help: `write \`"${text.toUpperCase()}"\`` } };
    }
    if (owner === "IResponse" && access?.name === "StatusCode" && literal.type === "integer_literal") {
      const code = Number(model.textOf(literal));
      if (!Number.isInteger(code) || (code >= 100 && code <= 999) || code === 0) continue;
      const message = `${code} is no status code of HTTP: this is ${outcome} true`;
      return { message, extras: { severity: "warning", help: "status codes lie between 100 and 599" } };
    }
  }
  return undefined;
}
