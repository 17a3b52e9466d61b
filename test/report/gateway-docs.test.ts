import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { gatewayPolicies, gatewayPoliciesFile } from "../../scripts/gateway-docs.ts";
import { policyRunners } from "../../src/core/gateway/policies/index.ts";
import { policyOf } from "../../src/core/policy/catalogue/catalogue.ts";

it("docs/gateway-policies.md is current: run `npx tsx scripts/gateway-docs.ts` after a change", () => {
  expect(readFileSync(gatewayPoliciesFile, "utf8")).toBe(gatewayPolicies());
});

it("runs policies that there are, each once, with something to say about each", () => {
  const names = policyRunners.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names.filter((name) => policyOf(name) === undefined)).toEqual([]);
  expect(policyRunners.filter(({ fidelity }) => fidelity.notes.length === 0)).toEqual([]);
});
