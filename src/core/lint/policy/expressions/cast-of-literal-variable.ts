import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { variableCasts, variableSetters } from "./variables.ts";

/** What a string can be cast to: itself and what it implements. */
const fits = new Set(["string", "object", "dynamic"]);

export const castOfLiteralVariable: PolicyRule = {
  id: "cast-of-literal-variable",
  severity: "warning",
  summary: "A variable that is set to a literal text is cast to another type.",
  why: '`<set-variable value="1" />` stores the string "1"; `(int)` on it throws "Specified cast is not valid". See https://github.com/Azure-Samples/openai-apim-lb/issues/25.',
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="n" value="0" /><choose><when condition="@((int)context.Variables["n"] < 3)"><return-response /></when></choose></inbound></policies>`,
    good: `<policies><inbound><set-variable name="n" value="@(0)" /><choose><when condition="@((int)context.Variables["n"] < 3)"><return-response /></when></choose></inbound></policies>`,
  },
  *check(context) {
    const setters = variableSetters(context);
    const mayBeIncluded = context.shape !== "document" || context.named("include-fragment").length > 0;
    if (setters.isOpen || mayBeIncluded || setters.literals.size === 0) return;
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { node, name, type } of variableCasts(model)) {
        const [literal] = setters.literals.get(name) ?? [];
        if (literal === undefined || fits.has(type) || type.includes("IEnumerable")) continue;
        const message = `the cast to ${type} fails: '${name}' is set to the text "${literal}", a string`;
        yield findingAt(context, placed, node, message, {
          help: `set it to an expression (\`value="@(${suggestion(literal, type)})"\`), or read it with \`Convert\``,
        });
      }
    }
  },
};

function suggestion(literal: string, type: string): string {
  return /^-?\d+$/.test(literal) || /^(true|false)$/.test(literal) ? literal : `(${type})…`;
}
