import { childElements } from "../../../policy/tree.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, atValue } from "./findings.ts";
import { integerAttribute, literalAttribute } from "./literals.ts";
import { placementsAt, type KnownPlacement } from "./placement.ts";

const document = (categories: string) =>
  inbound(
    `<llm-content-safety backend-id="safety"><categories>${categories}</categories></llm-content-safety>`,
  );

export const contentSafetyCategory: PolicyRule = {
  id: "content-safety-category",
  severity: "warning",
  summary:
    "A category of `llm-content-safety` is given twice, or has a threshold that its scale does not know.",
  why: "Each category is named once; with `FourSeverityLevels`, the default, the levels are 0, 2, 4 and 6 (learn.microsoft.com/azure/api-management/llm-content-safety-policy).",
  examples: {
    bad: document(`<category name="Hate" threshold="3" />`),
    good: document(`<category name="Hate" threshold="4" />`),
  },
  *check(context) {
    for (const place of placementsAt(context, "llm-content-safety/categories"))
      yield* categoryFindings(place);
  },
};

function* categoryFindings({ element }: KnownPlacement): Generator<PolicyFinding> {
  const isGiven = element.attributes.some(({ name }) => name === "output-type");
  const hasFourLevels = !isGiven || literalAttribute(element, "output-type") === "FourSeverityLevels";
  const seen = new Set<string>();
  for (const category of childElements(element)) {
    const name = literalAttribute(category, "name");
    if (name !== undefined && seen.has(name)) {
      yield atElement(category, { message: `the category \`${name}\` is there already` });
    }
    if (name !== undefined) seen.add(name);
    const threshold = integerAttribute(category, "threshold");
    const attribute = category.attributes.find((each) => each.name === "threshold");
    if (attribute === undefined || threshold === undefined || threshold % 2 === 0 || !hasFourLevels) continue;
    yield atValue(category, attribute, {
      message: `four severity levels have no level ${threshold}`,
      help: 'use 0, 2, 4 or 6, or `output-type="EightSeverityLevels"`',
    });
  }
}
