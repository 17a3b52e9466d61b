import { sectionStanding } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { outbound, inbound } from "./examples.ts";
import { allOf, atElement, doubtful } from "./findings.ts";
import { findingsOfIncluded } from "./included-policies.ts";
import { knownPlacements } from "./placement.ts";

export const policyInWrongSection: PolicyRule = {
  id: "policy-in-wrong-section",
  severity: "error",
  summary: "A policy stands in a section that it is not made for.",
  why: "The page of every policy lists its sections; the service refuses the others. A section that other texts of Microsoft name, or deployed policies use, is a warning; so is a policy that an included fragment brings, where the fragment's text is known (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: outbound(`<rewrite-uri template="/v2" />`),
    good: inbound(`<rewrite-uri template="/v2" />`),
  },
  *check(context) {
    for (const place of knownPlacements(context)) {
      const { role, element, policy, section, asChild, isDoubtful } = place;
      const isChecked = role === "policy" && asChild === undefined && section !== undefined;
      if (!isChecked) continue;
      yield* findingsOfIncluded(context, place, (included) =>
        sectionStanding(included.policy, section) === "not" ? `cannot stand in \`${section}\`` : undefined,
      );
      const standing = sectionStanding(policy, section);
      if (standing === "listed") continue;
      const isResolver = policy.sections.length === 0;
      yield atElement(element, {
        message: isResolver
          ? `\`${element.name}\` belongs to GraphQL resolvers and cannot stand in \`${section}\``
          : `\`${element.name}\` cannot stand in \`${section}\``,
        help: isResolver
          ? "give the resolver a document of its own, with this element as root"
          : `its reference page lists ${allOf(policy.sections)}`,
        ...doubtful(standing === "elsewhere" || isDoubtful),
      });
    }
  },
};
