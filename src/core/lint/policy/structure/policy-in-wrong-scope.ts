import type { PolicyDefinition } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule, PolicyScope } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { allOf, atElement, doubtful } from "./findings.ts";
import { findingsOfIncluded } from "./included-policies.ts";
import { knownPlacements } from "./placement.ts";

const quota = inbound(`<quota calls="10000" renewal-period="3600" />`);

export const policyInWrongScope: PolicyRule = {
  id: "policy-in-wrong-scope",
  severity: "error",
  summary: "A policy stands in a document of a scope that it is not made for.",
  why: "The service answers `Policy is not allowed in the specified scope`. The page of every policy lists its scopes (learn.microsoft.com/answers/questions/390298).",
  examples: { bad: { text: quota, scope: "api" }, good: { text: quota, scope: "product" } },
  *check(context) {
    const { scope } = context;
    if (scope === undefined || context.shape !== "document") return;
    for (const place of knownPlacements(context)) {
      const { role, element, policy, asChild, isDoubtful } = place;
      const isChecked = role === "policy" && asChild === undefined && policy.sections.length > 0;
      if (!isChecked) continue;
      yield* findingsOfIncluded(context, place, (included) =>
        isMadeFor(included.policy, scope) ? undefined : `cannot stand in a document of ${scope} scope`,
      );
      if (isMadeFor(policy, scope)) continue;
      yield atElement(element, {
        message: `\`${element.name}\` cannot stand in a document of ${scope} scope`,
        help: `its scopes: ${allOf(policy.scopes)}`,
        ...doubtful(isDoubtful || policy.doubtfulScopes?.includes(scope) === true),
      });
    }
  },
};

function isMadeFor({ scopes }: PolicyDefinition, scope: PolicyScope): boolean {
  return scopes.length === 0 || scopes.includes(scope);
}
