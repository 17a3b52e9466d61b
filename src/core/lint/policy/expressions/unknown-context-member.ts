import { hasMember, isClosedInterface, membersOf } from "../../../policy/expression/csharp/member-types.ts";
import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

/** Newer pages and gateways have members here that the list does not know. */
const growing = new Set(["IDeployment"]);

export const unknownContextMember: PolicyRule = {
  id: "unknown-context-member",
  severity: "error",
  summary: "An expression asks `context`, or what it leads to, for a member that it does not have.",
  why: "The compiler refuses it (CS1061). The members are listed at https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="who" value="@(context.Principal.Identity.Name)" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="who" value="@(context.User?.Email)" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { access } of memberAccesses(model)) {
        const type = model.typeOf(access.owner);
        if (type === undefined || !isClosedInterface(type) || hasMember(type, access.name)) continue;
        const owner = model.textOf(access.owner);
        const shown = owner.length > 40 ? type : owner;
        const near = nearestName(access.name, membersOf(type).keys());
        // The list of extension methods may have gaps; that of properties has none that is known.
        const mayBeExtension = type !== "IContext" && isCalled(placed.expression.code, access.nameNode.end);
        const known = [...membersOf(type).keys()].join(", ");
        yield findingAt(
          context,
          placed,
          access.nameNode,
          `\`${shown}\` has no member '${access.name}' (type ${type})`,
          {
            help: near === undefined ? `it has ${known}` : `did you mean \`${near}\`?`,
            ...(growing.has(type) || mayBeExtension ? { severity: "warning" } : {}),
          },
        );
      }
    }
  },
};

function isCalled(code: string, nameEnd: number): boolean {
  return /^\s*(?:<[^<>]*>)?\s*\(/.test(code.slice(nameEnd, nameEnd + 200));
}
