import { startsAsExpression } from "../../../policy/expression/scan.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { NamedPlace } from "./reference-findings.ts";

/** Where an attribute of an element stands with a literal; of all elements without an element name. */
export function attributePlaces(
  context: PolicyLintContext,
  attributeName: string,
  elementName?: string,
): NamedPlace[] {
  const places = elementName === undefined ? context.elements : context.named(elementName);
  return places.flatMap(({ element }) =>
    element.attributes.flatMap(({ name, value, valueRange }) =>
      name !== attributeName || startsAsExpression(value)
        ? []
        : [{ element, name: value, range: valueRange }],
    ),
  );
}
