import { nearestName } from "../../../nearest-name.ts";
import { policyOf } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { allOf, atElement, didYouMean, doubtful } from "./findings.ts";
import { placementsOf } from "./placement.ts";

export const unknownChildElement: PolicyRule = {
  id: "unknown-child-element",
  severity: "error",
  summary: "An element does not take this child.",
  why: "The service answers `The element has invalid child element` (MicrosoftDocs/azure-docs#35438).",
  examples: {
    bad: inbound(`<set-header name="x-a" exists-action="override"><val>1</val></set-header>`),
    good: inbound(`<set-header name="x-a" exists-action="override"><value>1</value></set-header>`),
  },
  *check(context) {
    for (const placement of placementsOf(context)) {
      if (placement.role === "base" && placement.element.children.some(({ type }) => type === "element")) {
        yield atElement(placement.element, { message: "`base` takes no child elements" });
      }
      if (placement.role !== "unknown-child") continue;
      const { element, owner } = placement;
      const names = owner.content.children.flatMap(({ name, undocumented }) =>
        undocumented === true ? [] : [name],
      );
      yield atElement(element, {
        message: `\`${owner.element.name}\` takes no child element \`${element.name}\``,
        help: names.length === 0 ? "it takes no child elements" : `it takes ${allOf(names)}`,
        ...didYouMean(nearestName(element.name, names)),
        // A fragment may be put in place before the element is checked.
        ...doubtful(owner.isDoubtful || policyOf(element.name)?.name === "include-fragment"),
      });
    }
  },
};
