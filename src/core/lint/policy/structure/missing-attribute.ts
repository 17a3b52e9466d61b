import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

export const missingAttribute: PolicyRule = {
  id: "missing-attribute",
  severity: "error",
  summary: "An element lacks an attribute that it must have.",
  why: "The service answers `The required attribute is missing` (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<set-variable name="a" />`),
    good: inbound(`<set-variable name="a" value="b" />`),
  },
  *check(context) {
    for (const { element, content, isDoubtful } of knownPlacements(context)) {
      const given = new Set(element.attributes.map(({ name }) => name));
      for (const { name, required, doubts } of content.attributes) {
        if (required !== true || given.has(name) || isInherited(context, name)) continue;
        yield atElement(element, {
          message: `\`${element.name}\` needs the attribute \`${name}\``,
          ...doubtful(isDoubtful || doubts?.includes("required") === true),
        });
      }
    }
  },
};

/** The prefix of a stylesheet may be declared further up. */
function isInherited({ elements }: PolicyLintContext, name: string): boolean {
  return (
    name.startsWith("xmlns:") &&
    elements.some(({ element }) => element.attributes.some((attribute) => attribute.name === name))
  );
}
