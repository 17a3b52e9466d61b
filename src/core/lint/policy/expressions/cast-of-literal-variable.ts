import { canonicalType } from "../../../policy/expression/csharp/type-names.ts";
import { fieldOf, walkCSharp, withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { variableCall, variableRead, variableSetters } from "./variables.ts";

type Cast = { readonly node: CSharpNode; readonly name: string; readonly type: string };

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
      for (const { node, name, type } of castsOf(model)) {
        const [literal] = setters.literals.get(name) ?? [];
        if (literal === undefined) continue;
        const message = `The cast to ${type} fails: '${name}' is set to the text "${literal}", a string.`;
        yield findingAt(context, placed, node, message, {
          help: `Set it to an expression (\`value="@(${suggestion(literal, type)})"\`), or read it with \`Convert\`.`,
        });
      }
    }
  },
};

function castsOf(model: CodeModel): Cast[] {
  const casts: Cast[] = [];
  const add = (node: CSharpNode, name: string | undefined, written: string | undefined) => {
    const type = written === undefined ? undefined : canonicalType(written);
    if (name === undefined || type === undefined || fits.has(type) || type.includes("IEnumerable")) return;
    casts.push({ node, name, type });
  };
  walkCSharp(model.body, (node) => {
    if (node.type === "cast_expression") {
      const type = fieldOf(node, "type");
      const value = fieldOf(node, "value");
      if (type === undefined || value === undefined) return;
      add(node, variableRead(withoutParentheses(value), model), model.textOf(type));
    }
    const call = variableCall(node, model);
    if (call?.method === "GetValueOrDefault") add(node, call.name, call.type);
  });
  return casts;
}

function suggestion(literal: string, type: string): string {
  return /^-?\d+$/.test(literal) || /^(true|false)$/.test(literal) ? literal : `(${type})…`;
}
