import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, hasDescendant, literalNumber, placeOf, policiesNamed } from "./policy-places.ts";

export const retrySameUrlAtOnce: PolicyRule = {
  id: "retry-same-url-at-once",
  severity: "warning",
  summary: "A throttled request is tried again at once at the same address.",
  why: "Who answers 429 does so for seconds at least; trying again without a wait is answered 429 again and adds load (learn.microsoft.com/azure/architecture/best-practices/transient-faults).",
  examples: {
    bad: `<policies><inbound><set-backend-service base-url="https://a.example" /></inbound><backend><retry condition="@(context.Response.StatusCode == 429)" count="3" interval="0"><forward-request buffer-request-body="true" /></retry></backend></policies>`,
    good: `<policies><inbound><set-backend-service base-url="https://a.example" /></inbound><backend><retry condition="@(context.Response.StatusCode == 429)" count="3" interval="5"><forward-request buffer-request-body="true" /></retry></backend></policies>`,
  },
  check(context) {
    const chosen = policiesNamed(context, "set-backend-service").map(({ element }) => element);
    // A backend-id may be a pool, where the next attempt goes to another member.
    const isOneAddress = chosen.length > 0 && chosen.every((element) => attributeOf(element, "base-url"));
    if (!isOneAddress) return [];
    return policiesNamed(context, "retry").flatMap(({ element }) => {
      if (!hasDescendant(element, "forward-request") || hasDescendant(element, "set-backend-service"))
        return [];
      if (literalNumber(element, "interval") !== 0 || attributeOf(element, "delta") !== undefined) return [];
      if (!/\b429\b/.test(attributeOf(element, "condition")?.value ?? "")) return [];
      return [
        {
          message: "a request that was throttled is sent to the same address again without a wait",
          ...placeOf(element, attributeOf(element, "interval")),
          help: "give `interval` some seconds, with `delta` and `max-interval` for growing waits, or choose another backend inside `retry`",
        },
      ];
    });
  },
};
