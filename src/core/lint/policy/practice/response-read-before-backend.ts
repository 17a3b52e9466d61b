import type { PolicyRule } from "../policy-rule.ts";
import { codeOf, placeOf } from "./policy-places.ts";

/** Attributes that the gateway evaluates again, or only, when the response is there. */
const evaluatedLate: ReadonlySet<string> = new Set(["increment-condition", "increment-count"]);

export const responseReadBeforeBackend: PolicyRule = {
  id: "response-read-before-backend",
  severity: "warning",
  summary: "`inbound` looks at the response.",
  why: "In `inbound` no backend has been called: `context.Response` says 200 without headers or body, whatever the backend will answer (learn.microsoft.com/azure/api-management/api-management-howto-policies; observed with the samples of Azure-Samples/apim-genai-gateway-toolkit).",
  examples: {
    bad: `<policies><inbound><base /><choose><when condition="@(context.Response.StatusCode == 429)"><set-backend-service backend-id="b" /></when></choose></inbound></policies>`,
    good: `<policies><inbound><base /></inbound><outbound><base /><choose><when condition="@(context.Response.StatusCode == 429)"><set-header name="x-throttled" exists-action="override"><value>1</value></set-header></when></choose></outbound></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { place, attribute, text } = placed;
      if (place.section !== "inbound" || evaluatedLate.has(attribute?.name ?? "")) return [];
      if (!/\bcontext\.Response\??\./.test(codeOf(placed))) return [];
      return [
        {
          message: "there is no response of the backend yet in `inbound`",
          ...placeOf(place.element, attribute),
          ...(text?.range && { range: text.range }),
          help: "move this to `backend`, behind `forward-request`, or to `outbound`; the answer of `send-request` is in its variable",
        },
      ];
    }),
};
