import { namedValueNames } from "../../../policy/references.ts";
import { LineIndex } from "../../../policy/positions.ts";
import type { PolicyElement, Range } from "../../../policy/tree.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { unknownNames, type NamedPlace } from "./reference-findings.ts";

const document = (name: string) => ({
  text: `<policies><inbound><base /><set-query-parameter name="api-version"><value>{{${name}}}</value></set-query-parameter></inbound></policies>`,
  known: { namedValues: ["api-version"] },
});

export const unknownNamedValue: PolicyRule = {
  id: "unknown-named-value",
  severity: "error",
  summary: "A document uses a named value that does not exist.",
  why: "The service puts named values in before it reads the document, and answers `Cannot find a property` when one is missing. Display names are compared by case (Azure/bicep-registry-modules#7198).",
  examples: { bad: document("api-verison"), good: document("api-version") },
  *check(context) {
    if (context.known === undefined) return;
    yield* unknownNames(namedValuePlaces(context), {
      kind: "named value",
      known: context.known.namedValues,
      isCaseSensitive: true,
    });
  },
};

/** Every `{{name}}` in attributes and texts, with the range of the name where the source is at hand. */
function namedValuePlaces(context: PolicyLintContext): NamedPlace[] {
  const index = context.source === undefined ? undefined : new LineIndex(context.source);
  return context.elements.flatMap(({ element }) =>
    valuesOf(element).flatMap(({ value, range }) => {
      let from = range?.start.offset ?? 0;
      return namedValueNames(value).map((name): NamedPlace => {
        const at = range === undefined ? -1 : (context.source?.indexOf(`{{${name}}}`, from) ?? -1);
        const isInside = range !== undefined && at !== -1 && at < range.end.offset;
        if (!isInside || index === undefined) return { element, name, range };
        from = at + name.length + 4;
        return { element, name, range: index.range(at + 2, at + 2 + name.length) };
      });
    }),
  );
}

function valuesOf(element: PolicyElement): { readonly value: string; readonly range: Range | undefined }[] {
  const attributes = element.attributes.map(({ value, valueRange }) => ({ value, range: valueRange }));
  const texts = element.children.flatMap((node) =>
    node.type === "text" ? [{ value: node.value, range: node.range }] : [],
  );
  return [...attributes, ...texts];
}
