import { childElements, elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

export const cacheMixesCallers: PolicyRule = {
  id: "cache-mixes-callers",
  severity: "warning",
  summary: "Answers to authorized requests are cached for everyone.",
  why: 'With `allow-private-response-caching="true"` answers to requests with an Authorization header are cached too; without `<vary-by-header>Authorization</vary-by-header>` one caller gets what was meant for another (learn.microsoft.com/azure/api-management/cache-lookup-policy).',
  examples: {
    bad: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" allow-private-response-caching="true" /></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
    good: `<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" allow-private-response-caching="true"><vary-by-header>Authorization</vary-by-header></cache-lookup></inbound><outbound><base /><cache-store duration="60" /></outbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "cache-lookup").flatMap(({ element }) => {
      const allowed = attributeOf(element, "allow-private-response-caching");
      if (allowed?.value !== "true" || attributeOf(element, "vary-by-developer")?.value === "true") return [];
      const varies = childElements(element).some(
        (child) =>
          child.name === "vary-by-header" && elementText(child).trim().toLowerCase() === "authorization",
      );
      if (varies) return [];
      return [
        {
          message: "answers to authorized requests are cached, and callers are not told apart",
          ...placeOf(element, allowed),
          help: "add `<vary-by-header>Authorization</vary-by-header>`",
        },
      ];
    }),
};
