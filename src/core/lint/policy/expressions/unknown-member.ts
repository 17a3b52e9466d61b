import { frameworkMembers } from "../../../policy/expression/csharp/framework-members.ts";
import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

/** What strings have and lists have not, not as an extension either. */
const ofOneText = new Set([
  ...["EndsWith", "IndexOf", "PadLeft", "Replace", "Split", "StartsWith", "Substring"],
  ...["ToLower", "ToLowerInvariant", "ToUpper", "ToUpperInvariant", "Trim", "TrimEnd", "TrimStart", "AsJwt"],
]);

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
        if (type === "string[]" && ofOneText.has(access.name)) {
          const message = `a list of values has no member '${access.name}'`;
          const help = "a header is a list: read it with `GetValueOrDefault(name, default)`, or take `[0]`";
          yield findingAt(context, placed, access.nameNode, message, { help });
        }
        if (type === undefined || type === "object") continue;
        const members = frameworkMembers(type);
        if (members === undefined || members.has(access.name)) continue;
        const shown = type === "string" ? "a string" : "a dictionary";
        const near = nearestName(access.name, members);
        const fallback =
          type === "string" ? "see System.String" : "read it with `GetValueOrDefault(name, default)`";
        yield findingAt(context, placed, access.nameNode, `${shown} has no member '${access.name}'`, {
          help: near === undefined ? fallback : `did you mean \`${near}\`?`,
        });
      }
    }
  },
};
