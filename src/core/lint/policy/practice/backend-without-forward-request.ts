import { childElement } from "../../../policy/tree.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { hasDescendant } from "./policy-places.ts";

/** Any of these forwards the request, answers it, or may do so elsewhere. */
const answering = [
  "base",
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
  why: "Forwarding is a policy: a `backend` section that replaces the inherited one with neither `forward-request` nor `base` sends nothing, and the client gets an empty 200 (learn.microsoft.com/azure/api-management/forward-request-policy).",
  examples: {
    bad: `<policies><inbound><base /></inbound><backend><set-variable name="tries" value="@(0)" /></backend></policies>`,
    good: `<policies><inbound><base /></inbound><backend><base /></backend></policies>`,
  },
  check(context) {
    const backend = context.shape === "document" ? childElement(context.root, "backend") : undefined;
    if (backend === undefined || hasDescendant(backend, ...answering) || answersInbound(context)) return [];
    return [
      {
        message: "this `backend` section forwards nothing: clients get an empty 200",
        element: backend,
        help: "write `<base />` in it, or `<forward-request />` where nothing is to be inherited",
      },
    ];
  },
};

/** True when inbound answers by itself, so that an empty backend section says what is meant. */
function answersInbound({ root }: PolicyLintContext): boolean {
  const inbound = childElement(root, "inbound");
  return inbound !== undefined && hasDescendant(inbound, ...handling);
}
