import type { PolicyRule } from "../policy-rule.ts";

const kibibyte = 1024;

export const policyTooLarge: PolicyRule = {
  id: "policy-too-large",
  severity: "warning",
  summary: "A policy document or fragment is larger than the service takes.",
  why: "A document may have 256 KiB, 16 KiB in the Consumption tier, and a fragment 32 KB (learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits, learn.microsoft.com/azure/api-management/policy-fragments).",
  examples: {
    bad: {
      sku: "Consumption",
      text: `<policies><inbound><base /><set-variable name="a" value="${"x".repeat(16 * kibibyte)}" /></inbound></policies>`,
    },
    good: `<policies><inbound><base /><set-variable name="a" value="x" /></inbound></policies>`,
  },
  check({ source, shape, sku, root }) {
    if (source === undefined || shape === "other") return [];
    const limit = shape === "fragment" ? 32 : sku === "Consumption" ? 16 : 256;
    const size = Buffer.byteLength(source);
    if (size <= limit * kibibyte) return [];
    return [
      {
        message: `${Math.ceil(size / kibibyte)} KiB, and the service takes ${limit} KiB`,
        element: root,
        // "Policy size exceeds allowed limit of 16 KB" is what the service says in that tier; the other limits are open to change.
        severity: sku === "Consumption" && shape === "document" ? "error" : "warning",
        help: shape === "fragment" ? "split the fragment" : "move parts into policy fragments",
      },
    ];
  },
};
