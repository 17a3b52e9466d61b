import { childElements, elementText } from "../../../policy/tree.ts";
import type { Severity } from "../../../problem.ts";
import { hasPlaceholder } from "../placeholders.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, oneOf } from "./findings.ts";
import { placementsAt } from "./placement.ts";

/** At least one of these children must be there; with `isOne` no second one. */
const groups: readonly {
  readonly path: string;
  readonly children: readonly string[];
  readonly isOne?: true;
  /** Text does as well. */
  readonly takesText?: true;
  readonly severity?: Severity;
}[] = [
  { path: "ip-filter", children: ["address", "address-range"] },
  { path: "wait", children: ["send-request", "cache-lookup-value", "choose"], severity: "warning" },
  // The reference requires it; the service's schema also takes text.
  { path: "trace", children: ["message"], takesText: true, severity: "warning" },
  { path: "validate-jwt/audiences", children: ["audience"], severity: "warning" },
  {
    path: "cosmosdb-data-source",
    children: ["query-request", "read-request", "delete-request", "write-request"],
    isOne: true,
  },
];

export const missingOneOfChildren: PolicyRule = {
  id: "missing-one-of-children",
  severity: "error",
  summary: "An element has none of several children of which it needs one, or two where one may be.",
  why: "The pages of these policies demand one of them: an `ip-filter` without an address filters nothing (learn.microsoft.com/azure/api-management/ip-filter-policy and others).",
  examples: {
    bad: inbound(`<ip-filter action="allow" />`),
    good: inbound(`<ip-filter action="allow"><address>10.0.0.1</address></ip-filter>`),
  },
  *check(context) {
    for (const { path, children, isOne, takesText, severity } of groups) {
      for (const { element } of placementsAt(context, path)) {
        const all = childElements(element);
        const given = all.filter(({ name }) => children.includes(name));
        // Others than these may do too, as in `wait`; what is wrong with them is told elsewhere.
        const isMissing = all.length === 0 || (isOne === true && given.length === 0);
        const [, second] = isOne === true ? given : [];
        const text = elementText(element).trim();
        if (isMissing && !hasPlaceholder(text) && !(takesText === true && text !== "")) {
          const message = `\`${element.name}\` needs ${oneOf(children)}`;
          yield atElement(element, { message, ...(severity === undefined ? {} : { severity }) });
        }
        if (second !== undefined) {
          yield atElement(second, { message: `\`${element.name}\` takes only one of ${oneOf(children)}` });
        }
      }
    }
  },
};
