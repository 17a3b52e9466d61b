import type { PolicyElement } from "../../../policy/tree.ts";
import { attributeValue, childElements } from "../../../policy/tree.ts";
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
    const isGuarding = createGuardLookup();
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      if (guards.test(model.tree.code)) continue;
      const read = bodyReads(model).find(
        ({ of, isConditional, isInTry }) => of === "Request" && !isConditional && !isInTry,
      );
      if (read === undefined || hasGuardAbove(placed, isGuarding)) continue;
      const message = "context.Request.Body is null when the request has no body: this then fails";
      yield findingAt(context, placed, read.node, message, {
        help: "write `context.Request.Body?.As…`, or ask for `context.Request.Body != null` before",
      });
    }
  },
};

type IsGuarding = (element: PolicyElement) => boolean;

/** The condition of an element around it, or that of a branch beside one in the same choose. */
function hasGuardAbove({ place }: PlacedExpression, isGuarding: IsGuarding): boolean {
  return [...place.ancestors, place.element].some(isGuarding);
}

/** Whether an element's own condition guards, or one of its branches' when it is a choose; each looked at once. */
function createGuardLookup(): IsGuarding {
  const known = new Map<PolicyElement, boolean>();
  const guardsItself = (element: PolicyElement) => guards.test(attributeValue(element, "condition") ?? "");
  return (element) => {
    const before = known.get(element);
    if (before !== undefined) return before;
    const branches = element.name === "choose" ? childElements(element) : [];
    const isGuarding = [element, ...branches].some(guardsItself);
    known.set(element, isGuarding);
    return isGuarding;
  };
}
