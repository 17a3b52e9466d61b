import { childElement, elementText, type PolicyElement } from "../../../policy/tree.ts";
import { hasPlaceholder } from "../placeholders.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { hasDescendant } from "./policy-places.ts";

/** Any of these forwards the request, answers it, or may do so elsewhere; at global scope there is nothing for `base` to run. */
const answering = [
  "forward-request",
  "return-response",
  "mock-response",
  "include-fragment",
  "send-request",
  "invoke-request",
];

/** In inbound these answer the request or hand it to another system. */
const handling = [
  "return-response",
  "mock-response",
  "publish-to-dapr",
  "invoke-dapr-binding",
  "send-service-bus-message",
];

export const backendWithoutForwardRequest: PolicyRule = {
  id: "backend-without-forward-request",
  severity: "warning",
  summary: "A `backend` section that never calls the backend.",
  why: "Forwarding is a policy: a `backend` section that replaces the inherited one with neither `forward-request` nor `base` sends nothing, and the client gets an empty 200. At global scope `base` has nothing to inherit, and a section that is left out forwards as little (learn.microsoft.com/azure/api-management/forward-request-policy).",
  examples: {
    bad: `<policies><inbound><base /></inbound><backend><set-variable name="tries" value="@(0)" /></backend></policies>`,
    good: `<policies><inbound><base /></inbound><backend><base /></backend></policies>`,
  },
  check(context) {
    if (context.shape !== "document" || answersInbound(context)) return [];
    const backend = childElement(context.root, "backend");
    const isGlobal = context.scope === "global";
    if (hasPlaceholder(elementText(backend ?? context.root))) return [];
    if (backend === undefined) return isGlobal ? [finding(context.root, isGlobal)] : [];
    const forwards = hasDescendant(backend, ...answering) || (!isGlobal && hasDescendant(backend, "base"));
    return forwards ? [] : [finding(backend, isGlobal)];
  },
};

function finding(element: PolicyElement, isGlobal: boolean): PolicyFinding {
  const what = element.name === "backend" ? "this `backend` section" : "this document without `backend`";
  return {
    message: `${what} forwards nothing: clients get an empty 200`,
    element,
    help: isGlobal
      ? "write `<forward-request />` in `backend`: there is nothing to inherit at global scope"
      : "write `<base />` in it, or `<forward-request />` where nothing is to be inherited",
  };
}

/** True when inbound answers by itself, so that an empty backend section says what is meant. */
function answersInbound({ root }: PolicyLintContext): boolean {
  const inbound = childElement(root, "inbound");
  return inbound !== undefined && hasDescendant(inbound, ...handling);
}
