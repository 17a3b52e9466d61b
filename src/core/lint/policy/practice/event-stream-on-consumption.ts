import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

export const eventStreamOnConsumption: PolicyRule = {
  id: "event-stream-on-consumption",
  severity: "warning",
  summary: "Answers are to stream in the Consumption tier.",
  why: "Long-running connections, and so server-sent events, are not supported in the Consumption tier (learn.microsoft.com/azure/api-management/how-to-server-sent-events).",
  examples: {
    bad: {
      sku: "Consumption",
      text: `<policies><backend><forward-request buffer-response="false" /></backend></policies>`,
    },
    good: {
      sku: "StandardV2",
      text: `<policies><backend><forward-request buffer-response="false" /></backend></policies>`,
    },
  },
  check: (context) =>
    context.sku !== "Consumption"
      ? []
      : policiesNamed(context, "forward-request").flatMap(({ element }) => {
          const buffering = attributeOf(element, "buffer-response");
          if (buffering?.value !== "false") return [];
          return [
            {
              message: "the Consumption tier does not support event streams",
              ...placeOf(element, buffering),
              help: "use another tier for APIs that stream",
            },
          ];
        }),
};
