import { nearestName } from "../../../nearest-name.ts";
import { policyOf } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { atElement, didYouMean } from "./findings.ts";
import { placementsOf } from "./placement.ts";

const sections = ["inbound", "backend", "outbound", "on-error"];

export const unknownSection: PolicyRule = {
  id: "unknown-section",
  severity: "error",
  summary: "An element of `policies` is no section.",
  why: "A policy document has the sections `inbound`, `backend`, `outbound` and `on-error`, and nothing beside them (learn.microsoft.com/azure/api-management/api-management-howto-policies).",
  examples: {
    bad: `<policies><inbounds><base /></inbounds></policies>`,
    good: `<policies><inbound><base /></inbound></policies>`,
  },
  *check(context) {
    for (const { role, element } of placementsOf(context)) {
      if (role !== "unknown-section") continue;
      const { name } = element;
      if (name === "base" || policyOf(name) !== undefined) {
        yield atElement(element, {
          message: `\`${name}\` stands outside the sections`,
          help: "move it into `inbound`, `backend`, `outbound` or `on-error`",
        });
      } else {
        yield atElement(element, {
          message: `\`${name}\` is no section of a policy document`,
          help: "the sections are `inbound`, `backend`, `outbound` and `on-error`",
          ...didYouMean(nearestName(name, sections)),
        });
      }
    }
  },
};
