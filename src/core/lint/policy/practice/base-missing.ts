import { childElements } from "../../../policy/tree.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { hasDescendant } from "./policy-places.ts";

export const baseMissing: PolicyRule = {
  id: "base-missing",
  severity: "info",
  summary: "A section without `base`, below global scope.",
  why: "Without `<base />` nothing of the broader scopes runs in that section: their authentication, limits and logging are off for this API (learn.microsoft.com/azure/api-management/set-edit-policies; rule Azure.APIM.PolicyBase of Azure/PSRule.Rules.Azure).",
  examples: {
    bad: {
      scope: "api",
      text: `<policies><inbound><set-header name="x-team" exists-action="override"><value>a</value></set-header></inbound></policies>`,
    },
    good: {
      scope: "api",
      text: `<policies><inbound><base /><set-header name="x-team" exists-action="override"><value>a</value></set-header></inbound></policies>`,
    },
  },
  check(context) {
    // In a compiled document it is the spec that says what is inherited.
    if (context.source === undefined) return [];
    if (context.shape !== "document" || context.scope === "global") return [];
    // Of a loose document the scope is not known; one that inherits elsewhere is not the global one.
    if (context.scope === undefined && context.named("base").length === 0) return [];
    return childElements(context.root).flatMap((section) => {
      if (!isSectionName(section.name) || hasDescendant(section, "base")) return [];
      // Beside an own forward-request, `base` would forward a second time.
      if (section.name === "backend" && section.children.length > 0) return [];
      return [
        {
          message: `\`${section.name}\` has no \`<base />\`: nothing of the broader scopes runs here`,
          element: section,
          help: "add `<base />` where the inherited policies are to run; leave it out only to switch them off",
        },
      ];
    });
  },
};
