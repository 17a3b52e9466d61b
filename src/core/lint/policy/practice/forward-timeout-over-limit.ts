import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalNumber, placeOf, policiesNamed } from "./policy-places.ts";

const reliable = { timeout: 240, "timeout-ms": 240_000 };

export const forwardTimeoutOverLimit: PolicyRule = {
  id: "forward-timeout-over-limit",
  severity: "warning",
  summary: "`forward-request` waits for more than 240 seconds.",
  why: "The network in front of the gateway drops connections that are idle for four minutes, so longer waits may not hold (learn.microsoft.com/azure/api-management/forward-request-policy).",
  examples: {
    bad: `<policies><backend><forward-request timeout="600" /></backend></policies>`,
    good: `<policies><backend><forward-request timeout="240" /></backend></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "forward-request").flatMap(({ element }) =>
      Object.entries(reliable).flatMap(([name, limit]) => {
        const given = literalNumber(element, name);
        if (given === undefined || given <= limit) return [];
        return [
          {
            message: `a wait of \`${name}="${given}"\` is longer than 240 s and may not hold`,
            ...placeOf(element, attributeOf(element, name)),
            help: "stay at 240 s or below; stream long answers, or let the client poll for them",
          },
        ];
      }),
    ),
};
