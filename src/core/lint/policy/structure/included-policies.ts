import type { PolicyFinding } from "../policy-rule.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import { atValue } from "./findings.ts";
import { literalOf } from "./literals.ts";
import { isKnown, placementsIn, type KnownPlacement } from "./placement.ts";

/**
 * What is wrong where `include-fragment` stands, given what would be wrong with a policy of the fragment there: one finding for
 * each policy's name. Nothing for other policies and for fragments whose text is not known. Warnings: whether the service looks
 * into the fragment when it saves the document is not documented.
 */
export function* findingsOfIncluded(
  context: PolicyLintContext,
  { element, policy }: KnownPlacement,
  faultOf: (included: KnownPlacement) => string | undefined,
): Generator<PolicyFinding> {
  const attribute = element.attributes.find(({ name }) => name === "fragment-id");
  if (policy.name !== "include-fragment" || attribute === undefined) return;
  const id = literalOf(attribute.value);
  const told = new Set<string>();
  for (const included of policiesOf(context, id)) {
    const fault = told.has(included.policy.name) ? undefined : faultOf(included);
    told.add(included.policy.name);
    if (fault === undefined) continue;
    yield atValue(element, attribute, {
      message: `the fragment \`${id ?? ""}\` holds \`${included.policy.name}\`, which ${fault}`,
      severity: "warning",
    });
  }
}

function policiesOf(context: PolicyLintContext, id: string | undefined): KnownPlacement[] {
  const fragment = id === undefined ? undefined : context.fragments.get(id.toLowerCase());
  if (fragment === undefined) return [];
  return placementsIn(fragment.root).flatMap((placement) =>
    isKnown(placement) && placement.role === "policy" && placement.asChild === undefined ? [placement] : [],
  );
}
