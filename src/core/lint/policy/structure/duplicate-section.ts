import type { PolicyRule } from "../policy-rule.ts";
import { atElement } from "./findings.ts";
import { placementsOf } from "./placement.ts";

export const duplicateSection: PolicyRule = {
  id: "duplicate-section",
  severity: "error",
  summary: "A section stands twice in a document.",
  why: "Each section appears at most once under `policies` (learn.microsoft.com/azure/api-management/api-management-howto-policies).",
  examples: {
    bad: `<policies><inbound><base /></inbound><inbound><set-method>GET</set-method></inbound></policies>`,
    good: `<policies><inbound><base /><set-method>GET</set-method></inbound></policies>`,
  },
  *check(context) {
    const seen = new Set<string>();
    for (const { role, element } of placementsOf(context)) {
      if (role !== "section") continue;
      if (seen.has(element.name)) {
        yield atElement(element, {
          message: `the section \`${element.name}\` is there already`,
          help: "merge the two into one",
        });
      }
      seen.add(element.name);
    }
  },
};
