import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import { withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

export const nullDereferenceCertain: PolicyRule = {
  id: "null-dereference-certain",
  severity: "warning",
  summary: "An expression asks null for a member.",
  why: "`context.LastError` is null as long as no error happened, so in inbound it always is: reading a member of it fails the request. See https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies#lasterror.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="reason" value="@(context.LastError.Reason)" /></inbound></policies>`,
    good: `<policies><on-error><set-variable name="reason" value="@(context.LastError.Reason)" /></on-error></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const isGuarded = /LastError\s*(?:[!=]=|\?\.|is\b)|null\s*[!=]=/.test(model.tree.code);
      for (const { access, node } of memberAccesses(model)) {
        if (access.isConditional) continue;
        const owner = withoutParentheses(access.owner);
        if (owner.type === "null_literal") {
          yield findingAt(context, placed, node, "`null` has no members: this fails whenever it is reached");
        }
        const inner = accessOf(owner, model.textOf);
        const isLastError = inner?.name === "LastError" && model.typeOf(inner.owner) === "IContext";
        if (!isLastError || isGuarded || placed.place.section !== "inbound") continue;
        yield findingAt(
          context,
          placed,
          node,
          "context.LastError is null in inbound: no error has happened yet",
          {
            help: "read it in on-error, or write `context.LastError?.…`",
          },
        );
      }
    }
  },
};
