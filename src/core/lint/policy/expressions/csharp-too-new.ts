import { fieldOf, hasToken, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

/** Constructs that came after C# 7, with the version that brought them. */
const newer: Readonly<Record<string, string>> = {
  switch_expression: "a switch expression needs C# 8",
  range_expression: "a range needs C# 8",
  implicit_object_creation_expression: "`new()` without a type needs C# 9",
  raw_string_literal: "a raw string literal needs C# 11",
  negated_pattern: "a `not` pattern needs C# 9",
  relational_pattern: "a relational pattern needs C# 9",
  and_pattern: "an `and` pattern needs C# 9",
  or_pattern: "an `or` pattern needs C# 9",
  recursive_pattern: "a property or positional pattern needs C# 8",
  list_pattern: "a list pattern needs C# 11",
  with_expression: "`with` needs C# 9",
  collection_expression: "a collection expression needs C# 12",
};

export const csharpTooNew: PolicyRule = {
  id: "csharp-too-new",
  severity: "warning",
  summary: "An expression uses C# newer than version 7.",
  why: "Policy expressions are C# 7; whether newer gateways take more is not documented. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@(context.Request.Method switch { "GET" => 1, _ => 2 })" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@(context.Request.Method == "GET" ? 1 : 2)" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const found: (readonly [CSharpNode, string])[] = [];
      walkCSharp(model.body, (node, ancestors) => {
        const what = newer[node.type] ?? newerByToken(node, ancestors.at(-1));
        if (what !== undefined) found.push([node, what]);
      });
      for (const [node, what] of found)
        yield findingAt(context, placed, node, `${what}; expressions are C# 7`);
    }
  },
};

function newerByToken(node: CSharpNode, parent: CSharpNode | undefined): string | undefined {
  if (node.type === "assignment_expression" && hasToken(node, "??=")) return "`??=` needs C# 8";
  const isIndexed = parent?.type === "argument" && node.type === "prefix_unary_expression";
  if (isIndexed && hasToken(node, "^")) return "an index from the end needs C# 8";
  const isUsing = node.type === "local_declaration_statement" && hasToken(node, "using");
  if (isUsing) return "a `using` declaration needs C# 8";
  return node.type === "lambda_expression" && fieldOf(node, "type") !== undefined
    ? "a lambda with a return type needs C# 10"
    : undefined;
}
