import { elementText, type PolicyElement } from "../../../policy/tree.ts";
import type { ChildDefinition } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { hasPlaceholder } from "../placeholders.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

export const tooManyChildren: PolicyRule = {
  id: "too-many-children",
  severity: "error",
  summary: "An element has more children of a kind than it takes.",
  why: "The service answers `The element has invalid child element` for one too many (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<return-response><set-status code="403" /><set-status code="404" /></return-response>`),
    good: inbound(`<return-response><set-status code="403" /></return-response>`),
  },
  *check(context) {
    const counts = new Map<PolicyElement, Map<ChildDefinition, number>>();
    for (const { element, parent, asChild, isDoubtful } of knownPlacements(context)) {
      if (parent === undefined || asChild?.max === undefined) continue;
      // Of the branches of a template (`%{ if … }`) only one is left when the file is filled in.
      if (hasPlaceholder(elementText(parent))) continue;
      const ofParent = counts.get(parent) ?? new Map<ChildDefinition, number>();
      counts.set(parent, ofParent);
      const count = (ofParent.get(asChild) ?? 0) + 1;
      ofParent.set(asChild, count);
      if (count !== asChild.max + 1) continue;
      yield atElement(element, {
        message: `\`${parent.name}\` takes ${asChild.max === 1 ? "one" : `at most ${asChild.max}`} \`${element.name}\``,
        ...doubtful(isDoubtful || asChild.doubts?.includes("maximum") === true),
      });
    }
  },
};
