import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, codeOf, hasDescendant, placeOf, policiesNamed } from "./policy-places.ts";

export const retryTestsOtherResponse: PolicyRule = {
  id: "retry-tests-other-response",
  severity: "warning",
  summary: "`retry` around `send-request` looks at `context.Response`.",
  why: "`send-request` puts its answer in the variable that `response-variable-name` names and leaves `context.Response` as it was, so such a condition never changes between the attempts (learn.microsoft.com/azure/api-management/send-request-policy).",
  examples: {
    bad: `<policies><inbound><retry condition="@(context.Response.StatusCode != 200)" count="2" interval="1"><send-request mode="new" response-variable-name="token"><set-url>https://a.example</set-url><set-method>GET</set-method></send-request></retry></inbound></policies>`,
    good: `<policies><inbound><retry condition="@(((IResponse)context.Variables[&quot;token&quot;]).StatusCode != 200)" count="2" interval="1"><send-request mode="new" response-variable-name="token"><set-url>https://a.example</set-url><set-method>GET</set-method></send-request></retry></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "retry").flatMap(({ element }) => {
      const sends = hasDescendant(element, "send-request");
      if (!sends || hasDescendant(element, "forward-request", "base", "include-fragment")) return [];
      const condition = attributeOf(element, "condition");
      const placed = context.expressions.find(
        ({ attribute }) => attribute === condition && attribute !== undefined,
      );
      const code = placed === undefined ? "" : codeOf(placed);
      if (!/\bcontext\.Response\b/.test(code) || /\bVariables\b/.test(code)) return [];
      return [
        {
          message: "`send-request` does not change `context.Response`, which this condition looks at",
          ...placeOf(element, condition),
          help: 'look at the answer: `((IResponse)context.Variables["name"]).StatusCode`, with the name in `response-variable-name`',
        },
      ];
    }),
};
