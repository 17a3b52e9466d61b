import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import { attributeValue } from "../../../policy/tree.ts";
import type { PlacedExpression } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { bodyReads } from "./body-access.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

/** Whatever tells requests with a body from those without: a look at the body itself, the method, or its headers. */
const guards =
  /\bBody\s*(?:\)\s*)?(?:[!=]=|\?\.|\?\[|is\b|\?\?)|null\s*[!=]=\s*context\.Request\.Body|\.Method\b|Content-Length|Content-Type|Transfer-Encoding|Operation\.(?:Id|Name|UrlTemplate)/i;

export const bodyReadWithoutGuard: PolicyRule = {
  id: "body-read-without-guard",
  severity: "warning",
  summary: "The body of the request is read without asking whether there is one.",
  why: "`context.Request.Body` is null for a request without body; reading it then fails the request. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="model" value="@((string)context.Request.Body.As<JObject>(true)["model"])" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="model" value="@((string)context.Request.Body?.As<JObject>(true)["model"])" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      if (isGuarded(placed, model)) continue;
      const read = bodyReads(model).find(
        ({ of, isConditional, isInTry }) => of === "Request" && !isConditional && !isInTry,
      );
      if (read === undefined) continue;
      const message = "context.Request.Body is null when the request has no body: this then fails.";
      yield findingAt(context, placed, read.node, message, {
        help: "Write `context.Request.Body?.As…`, or ask for `context.Request.Body != null` before.",
      });
    }
  },
};

function isGuarded({ place }: PlacedExpression, { tree }: CodeModel): boolean {
  if (guards.test(tree.code)) return true;
  const lineage = [...place.ancestors, place.element];
  return lineage.some((element, index) => hasGuardingCondition(element, lineage[index - 1]));
}

/** The element's own condition, or that of a branch before it in the same choose. */
function hasGuardingCondition(element: PolicyElement, parent: PolicyElement | undefined): boolean {
  const siblings = parent?.name === "choose" ? parent.children : [element];
  return siblings.some(
    (node) => node.type === "element" && guards.test(attributeValue(node, "condition") ?? ""),
  );
}
