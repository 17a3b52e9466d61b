import { walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

const typeParents = new Set([
  "type_argument_list",
  "nullable_type",
  "array_type",
  "cast_expression",
  "parameter",
]);

export const dynamicValue: PolicyRule = {
  id: "dynamic-value",
  severity: "warning",
  summary: "An expression uses `dynamic`.",
  why: "What is bound at run time cannot be held against the list of allowed members: the checker of policy expressions has a refusal for it, `Dynamic member invocation is not supported` (https://github.com/annaji-msft/apimanagement-policyutil). The reference does not speak of it.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@{ dynamic body = context.Request.Body?.As<JObject>(true); return body.model; }" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@{ var body = context.Request.Body?.As<JObject>(true); return (string)body?["model"]; }" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const found: CSharpNode[] = [];
      walkCSharp(model.body, (node, ancestors) => {
        if (node.type !== "identifier" || model.textOf(node) !== "dynamic") return;
        if (node.field === "type" || typeParents.has(ancestors.at(-1)?.type ?? "")) found.push(node);
      });
      for (const node of found)
        yield findingAt(context, placed, node, "`dynamic` is not supported within expressions", {
          help: "write the type: `JObject`, `JToken`, `string`, or `var`",
        });
    }
  },
};
