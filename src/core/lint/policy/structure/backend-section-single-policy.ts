import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { backend } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { placementsOf } from "./placement.ts";

export const backendSectionSinglePolicy: PolicyRule = {
  id: "backend-section-single-policy",
  severity: "error",
  summary: "The backend section holds more than one policy.",
  why: "The section takes one policy element, `base` included (learn.microsoft.com/azure/api-management/forward-request-policy); more logic goes around `forward-request`.",
  examples: {
    bad: backend(`<set-backend-service base-url="https://example.com" /><forward-request />`),
    good: backend(
      `<retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><forward-request /></retry>`,
    ),
  },
  *check(context) {
    for (const placement of placementsOf(context)) {
      if (placement.role !== "section" || placement.name !== "backend") continue;
      const policies = childElements(placement.element);
      const [, second] = policies;
      if (second === undefined) continue;
      yield atElement(second, {
        message: "the backend section takes one policy, and this is the second",
        help: "move what prepares the request to `inbound`, or wrap `forward-request` in `retry`, `choose` or `limit-concurrency`",
        // A sample of the documentation has `base` and `forward-request`.
        ...doubtful(policies.length === 2 && policies.some(({ name }) => name === "base")),
      });
    }
  },
};
