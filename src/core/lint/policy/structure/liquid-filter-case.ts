import type { PolicyElement } from "../../../policy/tree.ts";
import { walkElements } from "../../../policy/walk.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const body = (text: string): string => inbound(`<set-body template="liquid">${text}</set-body>`);

const tag = /\{\{[^{}]*\}\}|\{%[^{}]*%\}/g;
const quoted = /"[^"]*"|'[^']*'/g;
const filterInOtherCase = /\|\s*([a-z]\w*)/g;

export const liquidFilterCase: PolicyRule = {
  id: "liquid-filter-case",
  severity: "warning",
  summary: "A filter of a Liquid template is not written in Pascal case.",
  why: "API Management has Liquid's filters under their C# names: `Upcase`, `AtLeast`, `DividedBy` (learn.microsoft.com/azure/api-management/set-body-policy).",
  examples: {
    bad: body(`{ "name": "{{ body.name | upcase }}" }`),
    good: body(`{ "name": "{{ body.name | Upcase }}" }`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "set-body")) {
      if (literalAttribute(element, "template")?.toLowerCase() !== "liquid") continue;
      for (const name of new Set(textsIn(element).flatMap(filtersIn))) {
        yield atElement(element, {
          message: `the Liquid filter \`${name}\` has to be written \`${pascalCase(name)}\``,
        });
      }
    }
  },
};

function filtersIn(text: string): string[] {
  return [...text.matchAll(tag)].flatMap(([code]) =>
    [...code.replace(quoted, "").matchAll(filterInOtherCase)].map(([, name = ""]) => name),
  );
}

/** The template may hold XML, with Liquid in its texts and attributes. */
function textsIn(element: PolicyElement): string[] {
  const texts: string[] = [];
  walkElements(element, ({ attributes, children }) => {
    texts.push(...attributes.map(({ value }) => value));
    for (const node of children) if (node.type === "text") texts.push(node.value);
  });
  return texts;
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());
}
