import type { PolicyRule } from "../policy-rule.ts";
import { codeOf, placeOf } from "./policy-places.ts";

const logs: ReadonlySet<string> = new Set([
  "trace",
  "log-to-eventhub",
  "emit-metric",
  "llm-emit-token-metric",
]);
const secretHeader =
  /\bHeaders(?:\??\.GetValueOrDefault\(|\[)"(?:Authorization|api-key|x-api-key|Ocp-Apim-Subscription-Key)"/i;
const secretMember = /\bSubscription\??\.(?:Key|PrimaryKey|SecondaryKey)\b/;
/** What takes only claims or parts out of the header. */
const digest = /\b(?:AsJwt|TryParseJwt|AsBasic|TryParseBasic|Hash|HMAC\w*|ComputeHash|Length)\b|\?\s*"|[=!]=/;

export const secretInLog: PolicyRule = {
  id: "secret-in-log",
  severity: "warning",
  summary: "A caller's key or token is written to a log.",
  why: "Logs are read by more people and kept longer than keys should be: an Authorization header in a trace or an event is a working credential until it expires (learn.microsoft.com/azure/api-management/mitigate-owasp-api-threats).",
  examples: {
    bad: `<policies><inbound><base /><log-to-eventhub logger-id="events">@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</log-to-eventhub></inbound></policies>`,
    good: `<policies><inbound><base /><log-to-eventhub logger-id="events">@(context.Subscription.Id)</log-to-eventhub></inbound></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { place, attribute, text } = placed;
      if (![place.element, ...place.ancestors].some(({ name }) => logs.has(name))) return [];
      const code = codeOf(placed);
      if (!(secretHeader.test(code) && !digest.test(code)) && !secretMember.test(code)) return [];
      return [
        {
          message: "a caller's credential goes into the log",
          ...placeOf(place.element, attribute),
          ...(text?.range && { range: text.range }),
          help: "log who called instead: `context.Subscription.Id`, or the subject of the token",
        },
      ];
    }),
};
