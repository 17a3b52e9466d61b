import { membersOf } from "../../../policy/expression/csharp/member-types.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

export const contextPropertyCalled: PolicyRule = {
  id: "context-property-called",
  severity: "error",
  summary: "A property of `context` is called as if it were a method.",
  why: "The compiler refuses it (CS1955, non-invocable member). Dictionaries such as Headers and MatchedParameters are indexed. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="id" value="@(context.Request.MatchedParameters("id"))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="id" value="@(context.Request.MatchedParameters["id"])" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { node, parent, access } of memberAccesses(model)) {
        if (parent?.type !== "invocation_expression" || node.field !== "function") continue;
        const owner = model.typeOf(access.owner);
        const type = owner === undefined ? undefined : membersOf(owner).get(access.name);
        if (type === undefined || type.startsWith("() =>")) continue;
        const isDictionary = type.includes("Dictionary<");
        yield findingAt(context, placed, access.nameNode, `'${access.name}' is a property, not a method`, {
          help: isDictionary
            ? `write \`${access.name}["…"]\`, or \`${access.name}.GetValueOrDefault("…", "")\``
            : `write \`${access.name}\` without parentheses`,
        });
      }
    }
  },
};
