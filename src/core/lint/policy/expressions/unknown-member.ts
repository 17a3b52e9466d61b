import { frameworkMembers } from "../../../policy/expression/csharp/framework-members.ts";
import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

export const unknownMember: PolicyRule = {
  id: "unknown-member",
  severity: "error",
  summary: "A string, or a dictionary such as Headers, is asked for a member that it does not have.",
  why: "The compiler refuses it (CS1061). Headers and Query are IReadOnlyDictionary<string, string[]>, MatchedParameters is IReadOnlyDictionary<string, string>: https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@(context.Request.Headers.Get("x-id"))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("x-id", ""))" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { access } of memberAccesses(model)) {
        const type = model.typeOf(access.owner);
        if (type === undefined || type === "object") continue;
        const members = frameworkMembers(type);
        if (members === undefined || members.has(access.name)) continue;
        const shown = type === "string" ? "A string" : "A dictionary";
        const near = nearestName(access.name, members);
        const fallback =
          type === "string" ? "See System.String." : "Read it with `GetValueOrDefault(name, default)`.";
        yield findingAt(context, placed, access.nameNode, `${shown} has no member '${access.name}'.`, {
          help: near === undefined ? fallback : `Did you mean \`${near}\`?`,
        });
      }
    }
  },
};
