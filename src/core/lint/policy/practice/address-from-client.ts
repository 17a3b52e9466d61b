import type { PolicyRule } from "../policy-rule.ts";
import { codeOf, placeOf } from "./policy-places.ts";

/** The whole address, or its first part, is what the client sent. */
const fromClient = /^\(?(?:\(string\))?context\.Request\.(?:Headers|Url\.Query|OriginalUrl\.Query|Body)\b/;

export const addressFromClient: PolicyRule = {
  id: "address-from-client",
  severity: "warning",
  summary: "The client chooses the address that the gateway calls.",
  why: "The gateway then calls any host the client names, from inside its network and with the credentials that policies add (server-side request forgery; learn.microsoft.com/azure/api-management/mitigate-owasp-api-threats).",
  examples: {
    bad: `<policies><inbound><base /><set-backend-service base-url="@(context.Request.Headers.GetValueOrDefault(&quot;x-target&quot;, &quot;&quot;))" /></inbound></policies>`,
    good: `<policies><inbound><base /><set-backend-service base-url="@(context.Request.Headers.GetValueOrDefault(&quot;x-target&quot;, &quot;&quot;) == &quot;b&quot; ? &quot;https://b.example&quot; : &quot;https://a.example&quot;)" /></inbound></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { place, attribute, text } = placed;
      const isAddress =
        (place.element.name === "set-backend-service" && attribute?.name === "base-url") ||
        (place.element.name === "set-url" && text !== undefined);
      const code = codeOf(placed);
      if (!isAddress || !fromClient.test(code) || /[=!]=|[?:]"/.test(code)) return [];
      return [
        {
          message: "the client names the host that is called here",
          ...placeOf(place.element, attribute),
          ...(text?.range && { range: text.range }),
          help: "choose between known addresses by what the client sends",
        },
      ];
    }),
};
