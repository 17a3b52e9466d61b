import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { membersOf } from "../../../policy/expression/csharp/member-types.ts";
import { fieldOf, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

export const contextAssignment: PolicyRule = {
  id: "context-assignment",
  severity: "error",
  summary: "An expression assigns to `context` or to what it leads to.",
  why: "All of it is read-only and the compiler refuses the assignment (CS0200); requests and responses are changed by policies. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@{ context.Variables["b"] = 1; return 2; }" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="b" value="@(1)" /><set-variable name="a" value="@(2)" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const targets: CSharpNode[] = [];
      walkCSharp(model.body, (node) => {
        const target = node.type === "assignment_expression" ? fieldOf(node, "left") : undefined;
        if (target !== undefined && isReadOnly(target, model)) targets.push(target);
      });
      for (const target of targets) {
        const message = `\`${model.textOf(target)}\` cannot be assigned to: it is read-only`;
        const help = "use a policy: set-variable, set-header, set-method, rewrite-uri, set-status, set-body";
        yield findingAt(context, placed, target, message, { help });
      }
    }
  },
};

function isReadOnly(target: CSharpNode, { typeOf, textOf }: CodeModel): boolean {
  if (target.type === "element_access_expression") {
    const owner = fieldOf(target, "expression");
    return owner !== undefined && typeOf(owner)?.includes("IReadOnlyDictionary<") === true;
  }
  const access = accessOf(target, textOf);
  const owner = access === undefined ? undefined : typeOf(access.owner);
  return access !== undefined && owner !== undefined && membersOf(owner).has(access.name);
}
