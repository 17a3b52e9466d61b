import { childElements, elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const headerValueElements: PolicyRule = {
  id: "header-value-elements",
  severity: "warning",
  summary: "A header or query parameter is set without a value, or deleted with one.",
  why: '`exists-action="delete"` takes no `value`; every other action needs one (learn.microsoft.com/azure/api-management/set-header-policy).',
  examples: {
    bad: inbound(`<set-header name="x-a" exists-action="override" />`),
    good: inbound(`<set-header name="x-a" exists-action="delete" />`),
  },
  *check(context) {
    for (const path of ["set-header", "set-query-parameter"]) {
      for (const { element } of placementsAt(context, path)) {
        const isGiven = element.attributes.some(({ name }) => name === "exists-action");
        const action = isGiven ? literalAttribute(element, "exists-action") : "override";
        const [value] = childElements(element);
        const hasText = elementText(element).trim() !== "";
        if (action === undefined) continue;
        if (action === "delete" && value !== undefined) {
          yield atElement(value, { message: `\`${path}\` that deletes takes no \`${value.name}\`` });
        } else if (action !== "delete" && value === undefined && !hasText) {
          yield atElement(element, {
            message: `\`${path}\` has no \`value\``,
            help: 'give a `value`, or delete with `exists-action="delete"`',
          });
        }
      }
    }
  },
};
