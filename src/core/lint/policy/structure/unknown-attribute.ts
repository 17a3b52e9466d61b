import { nearestName } from "../../../nearest-name.ts";
import { attributeOf } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyAttribute } from "../../../policy/tree.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { allOf, atName, didYouMean, doubtful } from "./findings.ts";
import { isKnown, placementsOf, type KnownPlacement, type Placement } from "./placement.ts";

export const unknownAttribute: PolicyRule = {
  id: "unknown-attribute",
  severity: "error",
  summary: "An element does not take this attribute.",
  why: "The service answers `The attribute is not declared`. Names are compared by case (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<set-variable nam="a" value="b" />`),
    good: inbound(`<set-variable name="a" value="b" />`),
  },
  *check(context) {
    for (const placement of placementsOf(context)) {
      if (isKnown(placement)) yield* ofKnown(placement);
      else if (takesNone(placement)) {
        const { element } = placement;
        for (const attribute of element.attributes.filter((each) => !isNamespace(each))) {
          const message = `\`${element.name}\` takes no attributes`;
          yield atName(element, attribute, { message, ...doubtful(placement.role !== "base") });
        }
      }
    }
  },
};

function takesNone({ role, element }: Placement): boolean {
  return (
    role === "base" || role === "section" || (role === "root" && /^(policies|fragment)$/.test(element.name))
  );
}

function* ofKnown({ element, content, role, policy, isDoubtful }: KnownPlacement): Generator<PolicyFinding> {
  // Stylesheets have attributes of their own.
  if (element.name.includes(":")) return;
  const names = content.attributes.map(({ name }) => name);
  const takesId = role === "policy" && policy.lacksId !== true;
  for (const attribute of element.attributes) {
    const isFine = isNamespace(attribute) || attributeOf(content, attribute.name, takesId) !== undefined;
    if (isFine) continue;
    const near =
      nearestName(attribute.name, names) ?? names.find((name) => name.startsWith(`${attribute.name}-`));
    yield atName(element, attribute, {
      message: `\`${element.name}\` takes no attribute \`${attribute.name}\``,
      help: names.length === 0 ? "it takes no attributes" : `it takes ${allOf(names)}`,
      ...didYouMean(near),
      ...doubtful(isDoubtful || attribute.name === "id"),
    });
  }
}

function isNamespace({ name }: PolicyAttribute): boolean {
  return /^(xmlns|xml|xsi)(:|$)/.test(name);
}
