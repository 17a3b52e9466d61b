import type { Severity } from "../../../problem.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { knownPlacements, type KnownPlacement } from "./placement.ts";

export const duplicatePolicy: PolicyRule = {
  id: "duplicate-policy",
  severity: "error",
  summary: "A policy stands twice where it may stand once.",
  why: "The reference says of some policies that they can be used once in a section. In different branches they are no harm; where Microsoft's own samples do otherwise it is only told (learn.microsoft.com/azure/api-management/rate-limit-policy and others).",
  examples: {
    bad: inbound(
      `<rate-limit calls="10" renewal-period="60" /><rate-limit calls="100" renewal-period="300" />`,
    ),
    good: inbound(`<rate-limit calls="10" renewal-period="60" />`),
  },
  *check(context) {
    const seen = new Map<PolicyElement, Set<string>>();
    for (const place of knownPlacements(context)) {
      const { role, element, parent, policy, asChild } = place;
      const isOnce = role === "policy" && asChild === undefined && policy.oncePerSection !== undefined;
      // The one policy of the backend section has a rule of its own.
      const isBackend = parent?.name === "backend";
      if (!isOnce || parent === undefined || isBackend) continue;
      const names = seen.get(parent) ?? new Set();
      seen.set(parent, names);
      if (names.has(element.name)) {
        yield atElement(element, {
          message: `\`${element.name}\` can be used once in a section, and is there already`,
          severity: severityOf(place, parent),
        });
      }
      names.add(element.name);
    }
  },
};

function severityOf({ policy, isDoubtful }: KnownPlacement, parent: PolicyElement): Severity {
  if (policy.oncePerSection === "doubtful") return "info";
  return isDoubtful || !isSectionName(parent.name) ? "warning" : "error";
}
