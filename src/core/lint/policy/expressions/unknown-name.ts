import { isKnownTypeName, isNamespace, refusedType } from "../../../policy/expression/csharp/type-names.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { freeNames } from "./names-in-code.ts";

/** Words that C# gives a meaning to although the grammar has them as names, and placeholders that look like names. */
const meaningful = new Set(["nameof", "value", "dynamic", "notnull", "global", "field"]);
const placeholder = /^[A-Z0-9_]+$|^_|__|_$/;

export const unknownName: PolicyRule = {
  id: "unknown-name",
  severity: "error",
  summary: "An expression uses a name that nothing declares.",
  why: "The compiler refuses it (CS0103, the name does not exist in the current context): an expression sees `context`, the allowed types and what it declares itself, not the variables of set-variable. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="who" value="@(contxt.User.Id)" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="who" value="@(context.User.Id)" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { node, position, path } of freeNames(model)) {
        const name = model.textOf(node);
        if (position === "type" || name === "context" || meaningful.has(name)) continue;
        if (placeholder.test(name) && !isOwnerOfCall(name, path)) continue;
        if (
          isKnownTypeName(name) ||
          isNamespace(name) ||
          (refusedType(name) !== undefined && path.length > 1)
        )
          continue;
        if (isInPlaceholder(placed.expression.code, node.start)) continue;
        const near = nearestName(name, ["context"]);
        const isDoubtful = /^[A-Z]/.test(name) && position === "value";
        yield findingAt(context, placed, node, `the name '${name}' does not exist in the current context`, {
          help: near === undefined ? helpFor(name, path) : "did you mean `context`?",
          ...(isDoubtful ? { severity: "warning" } : {}),
        });
      }
    }
  },
};

/** `JSON.parse(…)`: a placeholder in capitals has no members. */
function isOwnerOfCall(name: string, path: readonly CSharpNode[]): boolean {
  return path.length > 1 && /^[A-Z]+$/.test(name);
}

function helpFor(name: string, path: readonly CSharpNode[]): string {
  return path.length > 1 && /^[A-Z]/.test(name)
    ? "it is no type of the list of allowed types either; JSON is read by `JObject` and `JsonConvert`"
    : `variables of the request are read with \`context.Variables["${name}"]\``;
}

/** `$"https://${host-name}/x"`: a hole of an interpolated string for C#, a placeholder for the tool that fills the file in. */
function isInPlaceholder(code: string, start: number): boolean {
  return /\$\{[^{}"]*$/.test(code.slice(Math.max(0, start - 200), start));
}
