import { fieldOf, namedChildren, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

export const variableDeclaredTwice: PolicyRule = {
  id: "variable-declared-twice",
  severity: "error",
  summary: "One block of an expression declares a variable twice.",
  why: "The compiler refuses it (CS0128). Expressions are compiled when the document is saved: https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-body>@{ var id = context.Api.Id; var id = context.RequestId; return id.ToString(); }</set-body></inbound></policies>`,
    good: `<policies><inbound><set-body>@{ var api = context.Api.Id; var id = context.RequestId; return api + id; }</set-body></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const repeated: CSharpNode[] = [];
      walkCSharp(model.body, (node) => {
        if (node.type === "block") repeated.push(...repeatedNames(node, model.textOf));
      });
      for (const node of repeated)
        yield findingAt(context, placed, node, `the variable '${model.textOf(node)}' is declared already`);
    }
  },
};

function repeatedNames(block: CSharpNode, textOf: (node: CSharpNode) => string): CSharpNode[] {
  const names = namedChildren(block)
    .filter(({ type }) => type === "local_declaration_statement")
    .flatMap((statement) => namedChildren(statement).flatMap(namedChildren))
    .filter(({ type }) => type === "variable_declarator")
    .flatMap((declarator) => fieldOf(declarator, "name") ?? []);
  const seen = new Set<string>();
  return names.filter((node) => {
    const name = textOf(node);
    const isThere = seen.has(name);
    seen.add(name);
    return isThere;
  });
}
