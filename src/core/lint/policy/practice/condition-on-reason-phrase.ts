import type { PolicyRule } from "../policy-rule.ts";
import { codeOf, placeOf } from "./policy-places.ts";

export const conditionOnReasonPhrase: PolicyRule = {
  id: "condition-on-reason-phrase",
  severity: "info",
  summary: "A condition looks at the reason phrase of a response.",
  why: "Reason phrases are free text: the gateway's own for an exhausted pool changed without notice and broke such conditions (Azure-Samples/AI-Gateway#262), and HTTP/2 backends send none (RFC 9113, section 8.3.2).",
  examples: {
    bad: `<policies><backend><retry condition="@(context.Response.StatusCode == 503 &amp;&amp; !context.Response.StatusReason.Contains(&quot;Backend pool&quot;))" count="2" interval="1"><forward-request buffer-request-body="true" /></retry></backend></policies>`,
    good: `<policies><backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><forward-request buffer-request-body="true" /></retry></backend></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { attribute, place } = placed;
      if (attribute?.name !== "condition") return [];
      const code = codeOf(placed);
      if (!/\bStatusReason\b/.test(code)) return [];
      const isPool = /backend pool/i.test(code);
      return [
        {
          message: isPool
            ? "the reason phrase of an exhausted pool no longer says `Backend pool`"
            : "this condition depends on a reason phrase, which is free text",
          ...placeOf(place.element, attribute),
          help: "decide by `StatusCode` alone",
          ...(isPool && { severity: "warning" as const }),
        },
      ];
    }),
};
