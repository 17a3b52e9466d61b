import type { ChildDefinition } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

/** Policies whose children have a documented order, or one that was reported as refused; the others' comes from schemas. */
const certain = new Set([
  "validate-jwt",
  "validate-content",
  "validate-parameters",
  "choose",
  "return-response",
  "http-data-source",
  "sql-data-source",
]);

export const childOrder: PolicyRule = {
  id: "child-order",
  severity: "error",
  summary: "Child elements stand in the wrong order.",
  why: "The service takes the children of many policies in one order and answers `invalid child element` for the one that comes too late (MicrosoftDocs/azure-docs#35438).",
  examples: {
    bad: inbound(
      `<validate-jwt header-name="Authorization"><audiences><audience>api</audience></audiences><openid-config url="https://example.com/.well-known/openid-configuration" /></validate-jwt>`,
    ),
    good: inbound(
      `<validate-jwt header-name="Authorization"><openid-config url="https://example.com/.well-known/openid-configuration" /><audiences><audience>api</audience></audiences></validate-jwt>`,
    ),
  },
  *check(context) {
    const last = new Map<PolicyElement, ChildDefinition & { readonly order: number }>();
    const owners = new Map<PolicyElement, string>();
    for (const { element, parent, asChild, policy, isDoubtful } of knownPlacements(context)) {
      owners.set(element, policy.name);
      if (parent === undefined || asChild?.order === undefined) continue;
      const before = last.get(parent);
      if (before === undefined || before.order <= asChild.order) {
        last.set(parent, { ...asChild, order: asChild.order });
        continue;
      }
      const isCertain = certain.has(owners.get(parent) ?? policy.name) && !isOrderDoubtful(asChild, before);
      yield atElement(element, {
        message: `\`${element.name}\` must come before \`${before.name}\` in \`${parent.name}\``,
        ...doubtful(isDoubtful || !isCertain),
      });
    }
  },
};

function isOrderDoubtful(...children: readonly ChildDefinition[]): boolean {
  return children.some(({ doubts }) => doubts?.includes("order") === true);
}
