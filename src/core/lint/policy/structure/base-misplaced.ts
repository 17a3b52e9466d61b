import { isSectionName } from "../policy-context.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { placementsOf } from "./placement.ts";

export const baseMisplaced: PolicyRule = {
  id: "base-misplaced",
  severity: "warning",
  summary: "`base` stands where it means nothing, or twice.",
  why: "`base` runs the same section of the next broader scope: it belongs directly into a section, once. A fragment cannot hold it (learn.microsoft.com/azure/api-management/policy-fragments).",
  examples: {
    bad: inbound(`<choose><when condition="@(true)"><base /></when></choose>`),
    good: inbound(`<choose><when condition="@(true)"><set-method>GET</set-method></when></choose>`),
  },
  *check(context) {
    const withBase = new Set<unknown>();
    for (const { role, element, parent } of placementsOf(context)) {
      if (role !== "base" || parent === undefined) continue;
      const isTwice = withBase.has(parent);
      withBase.add(parent);
      const finding = misplaced(element, context.shape === "fragment", isSectionName(parent.name), isTwice);
      if (finding !== undefined) yield finding;
    }
  },
};

function misplaced(
  element: PolicyFinding["element"],
  isInFragment: boolean,
  isInSection: boolean,
  isTwice: boolean,
): PolicyFinding | undefined {
  if (isInFragment) {
    const message = "a fragment cannot hold `base`";
    return atElement(element, {
      message,
      help: "put it into the section that includes the fragment",
      severity: "error",
    });
  }
  if (!isInSection) {
    return atElement(element, {
      message: "`base` stands inside a policy; that is not documented",
      help: "put it directly into the section",
    });
  }
  return isTwice
    ? atElement(element, {
        message: "`base` is there already: the policies of the broader scope would run twice",
      })
    : undefined;
}
