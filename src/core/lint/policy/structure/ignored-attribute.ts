import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { ignoredAttributes, ignoredInSection, type IgnoredAttribute } from "./attribute-constraints.ts";
import { inbound } from "./examples.ts";
import { atName } from "./findings.ts";
import { literalOf } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const ignoredAttribute: PolicyRule = {
  id: "ignored-attribute",
  severity: "warning",
  summary: "An attribute has no effect beside the others.",
  why: "The pages of these policies say when an attribute is passed over (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(
      `<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="auth" identity="@(context.Request.Headers.GetValueOrDefault("x-jwt", ""))" />`,
    ),
    good: inbound(
      `<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="auth" identity-type="jwt" identity="@(context.Request.Headers.GetValueOrDefault("x-jwt", ""))" />`,
    ),
  },
  *check(context) {
    for (const { path, ignored, section } of ignoredInSection) {
      for (const { element, ...place } of placementsAt(context, path)) {
        const attribute = element.attributes.find(({ name }) => name === ignored);
        if (attribute === undefined || place.section !== section) continue;
        yield atName(element, attribute, { message: `\`${ignored}\` has no effect in \`${section}\`` });
      }
    }
    for (const entry of ignoredAttributes) {
      for (const { element } of placementsAt(context, entry.path)) {
        const attribute = element.attributes.find(({ name }) => name === entry.ignored);
        if (attribute === undefined || !isIgnored(element, entry)) continue;
        yield atName(element, attribute, {
          message: `\`${attribute.name}\` of \`${element.name}\` has no effect: ${entry.because}`,
        });
      }
    }
  },
};

function isIgnored(element: PolicyElement, { attribute, unless }: IgnoredAttribute): boolean {
  const other = element.attributes.find(({ name }) => name === attribute);
  if (unless === undefined) return other !== undefined;
  if (other === undefined) return true;
  const literal = literalOf(other.value);
  return literal !== undefined && literal.toLowerCase() !== unless;
}
