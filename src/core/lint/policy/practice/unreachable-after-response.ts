import type { PolicyRule } from "../policy-rule.ts";
import { firstInBranches } from "./policy-places.ts";

export const unreachableAfterResponse: PolicyRule = {
  id: "unreachable-after-response",
  severity: "warning",
  summary: "Policies stand behind `return-response` or `mock-response`.",
  why: "Both end the pipeline: what follows them in the same branch never runs (learn.microsoft.com/azure/api-management/return-response-policy, mock-response-policy).",
  examples: {
    bad: `<policies><inbound><return-response><set-status code="401" reason="Unauthorized" /></return-response><set-variable name="a" value="b" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="b" /><return-response><set-status code="401" reason="Unauthorized" /></return-response></inbound></policies>`,
  },
  check: (context) =>
    firstInBranches(context, "return-response", "mock-response").flatMap(
      ({ element, after: [first, ...more] }) =>
        first === undefined
          ? []
          : [
              {
                message: `\`${first.name}\` never runs: \`${element.name}\` before it ends the request`,
                element: first,
                help: `move it before \`${element.name}\`, or put \`${element.name}\` in a \`choose\``,
                // A lone base is often left in place on purpose, while an API is mocked.
                ...(first.name === "base" && more.length === 0 && { severity: "info" as const }),
              },
            ],
    ),
};
