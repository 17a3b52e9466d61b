import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

export const undocumentedPolicy: PolicyRule = {
  id: "undocumented-policy",
  severity: "warning",
  summary: "A policy is known from the service's schema or Microsoft's toolkit only.",
  why: "A policy that is not in the policy reference may be missing on a service, and may change or go without notice (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<authentication-token resource-url="https://example.com" />`),
    good: inbound(`<authentication-managed-identity resource="https://example.com" />`),
  },
  *check(context) {
    for (const { role, element, policy } of knownPlacements(context)) {
      if (role !== "policy" || policy.undocumented !== true) continue;
      yield atElement(element, { message: `\`${element.name}\` is not in Microsoft's policy reference` });
    }
  },
};
