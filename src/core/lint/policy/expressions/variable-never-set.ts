import { walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { nearestName } from "../../../nearest-name.ts";
import { childElements } from "../../../policy/tree.ts";
import type { SectionName } from "../../../spec/schema.ts";
import type { PlacedElement, PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { guardedVariables, variableRead, variableSetters } from "./variables.ts";

export const variableNeverSet: PolicyRule = {
  id: "variable-never-set",
  severity: "warning",
  summary: "An expression reads a variable that nothing in the document sets, or only a later section.",
  why: '`context.Variables["x"]` throws when x is not set, and the request fails with ExpressionValueEvaluationFailure. Where `<base />` stands in this section or one before it, a broader scope may set it: then this is for information only (learn.microsoft.com/azure/api-management/api-management-error-handling-policies).',
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="region" value="x" /><set-header name="x"><value>@((string)context.Variables["regoin"])</value></set-header></inbound></policies>`,
    good: `<policies><inbound><set-variable name="region" value="x" /><set-header name="x"><value>@((string)context.Variables["region"])</value></set-header></inbound></policies>`,
  },
  *check(context) {
    const setters = variableSetters(context);
    const mayBeIncluded = context.shape !== "document" || context.named("include-fragment").length > 0;
    if (setters.isOpen || mayBeIncluded) return;
    const inherits = inheritingSections(context);
    const parsed = analyseExpressions(context).parsed();
    const guards = new Map<PlacedElement["element"], ReadonlySet<string>>();
    for (const { placed, model } of parsed) {
      const guarded = guardedVariables(model);
      guards.set(placed.place.element, new Set([...(guards.get(placed.place.element) ?? []), ...guarded]));
    }
    for (const { placed, model } of parsed) {
      const { element, ancestors, section } = placed.place;
      const sections = sectionsUpTo(section);
      const isSet = (name: string) =>
        [...(setters.sections.get(name) ?? [])].some((one) => one === undefined || sections.includes(one));
      const isInherited = sections.some((one) => inherits.has(one));
      const isGuarded = (name: string) => [element, ...ancestors].some((at) => guards.get(at)?.has(name));
      const reads: (readonly [CSharpNode, string])[] = [];
      walkCSharp(model.body, (node) => {
        const name = variableRead(node, model);
        if (name !== undefined && !isSet(name) && !isGuarded(name)) reads.push([node, name]);
      });
      for (const [node, name] of reads) {
        const near = nearestName(name, setters.names);
        const isMisspelt = near !== undefined && near !== name;
        const message = setters.names.has(name)
          ? `the variable '${name}' is set only in a later section`
          : `nothing in this document sets the variable '${name}'`;
        yield findingAt(context, placed, node, message, {
          help: isMisspelt
            ? `did you mean '${near}'? Names of variables are case-sensitive`
            : `set it before with set-variable, or read it with \`context.Variables.GetValueOrDefault("${name}", …)\``,
          ...(isInherited ? { severity: "info" } : {}),
        });
      }
    }
  },
};

/** In the order in which they run; an error may come from any of the others. */
const inOrder: readonly SectionName[] = ["inbound", "backend", "outbound", "on-error"];

function sectionsUpTo(section: SectionName | undefined): readonly SectionName[] {
  return section === undefined ? inOrder : inOrder.slice(0, inOrder.indexOf(section) + 1);
}

/** The sections in which policies of broader scopes run: with `base`, or not written at all. */
function inheritingSections({ scope, root, named }: PolicyLintContext): ReadonlySet<SectionName> {
  if (scope === "global") return new Set();
  const withBase = named("base").map(({ section }) => section);
  const written = childElements(root).map(({ name }) => name);
  return new Set(inOrder.filter((section) => withBase.includes(section) || !written.includes(section)));
}
