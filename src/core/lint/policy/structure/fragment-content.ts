import { isResolverRoot } from "../../../policy/catalogue/catalogue.ts";
import type { Severity } from "../../../problem.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { atElement } from "./findings.ts";
import { placementsOf } from "./placement.ts";

const cacheLookups: ReadonlyMap<string, Severity> = new Map([
  ["cache-lookup", "warning"],
  // Its page says so, Microsoft's own samples do it nevertheless.
  ["cache-lookup-value", "info"],
]);

export const fragmentContent: PolicyRule = {
  id: "fragment-content",
  severity: "error",
  summary: "A fragment holds what fragments cannot hold.",
  why: "A fragment holds policies only: no sections, no other fragment (learn.microsoft.com/azure/api-management/policy-fragments) and no GraphQL resolver; the pages of `cache-lookup` and `cache-lookup-value` exclude them too.",
  examples: {
    bad: `<fragment><inbound><set-method>GET</set-method></inbound></fragment>`,
    good: `<fragment><set-method>GET</set-method></fragment>`,
  },
  *check(context) {
    if (context.shape !== "fragment") return;
    for (const { element } of placementsOf(context)) {
      const { name } = element;
      if (isSectionName(name)) {
        const help = "leave the section out: the fragment's policies run where it is included";
        yield atElement(element, { message: `a fragment cannot hold the section \`${name}\``, help });
      } else if (name === "include-fragment") {
        const help = "include both fragments in the policy document";
        yield atElement(element, { message: "a fragment cannot include another fragment", help });
        continue;
      } else if (isResolverRoot(name)) {
        const help = "give the resolver a document of its own, with this element as root";
        yield atElement(element, { message: `a fragment cannot hold \`${name}\``, help });
      }
      const severity = cacheLookups.get(name);
      if (severity === undefined) continue;
      yield atElement(element, { message: `\`${name}\` is not supported in fragments`, severity });
    }
  },
};
