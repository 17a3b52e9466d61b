import { resultsOf } from "../../../policy/expression/csharp/control-flow.ts";
import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { fieldOf, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

/** Whatever they are called on. `ToArray` is not among them: it may give bytes, which can be stored. */
const resultByCall: ReadonlyMap<string, string> = new Map([
  ["Split", "an array of texts"],
  ["ToDictionary", "a dictionary"],
  ["ToHashSet", "a set"],
  ["ToList", "a list"],
]);

export const variableTypeNotAllowed: PolicyRule = {
  id: "variable-type-not-allowed",
  severity: "warning",
  summary: "`set-variable` stores a list, a dictionary or an array.",
  why: "The page of `set-variable` lists the types that its expression must return: numbers, texts, times, byte arrays and the types of Newtonsoft.Json.Linq, but no collections of .NET. See https://learn.microsoft.com/azure/api-management/set-variable-policy#allowed-types.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@(context.Request.Url.Path.Split('/'))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@(new JArray(context.Request.Url.Path.Split('/')))" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      if (placed.place.element.name !== "set-variable" || placed.attribute?.name !== "value") continue;
      for (const value of resultsOf(model.body, placed.expression.kind)) {
        const what = collectionOf(value, model);
        if (what === undefined) continue;
        yield findingAt(context, placed, value, `\`set-variable\` cannot store ${what}`, {
          help: "store a `JArray` or `JObject`, or one text",
        });
      }
    }
  },
};

/** In words what a value is that certainly is a collection other than of bytes or of JSON. */
function collectionOf(node: CSharpNode, model: CodeModel): string | undefined {
  if (node.type === "anonymous_object_creation_expression") return "an anonymous object";
  if (node.type === "array_creation_expression") return arrayOf(elementTypeOf(node, model));
  if (node.type === "implicit_array_creation_expression") return arrayOf(firstElementType(node, model));
  const called = node.type === "invocation_expression" ? fieldOf(node, "function") : undefined;
  const access = called === undefined ? undefined : accessOf(called, model.textOf);
  const type = model.typeOf(node);
  if (type === undefined) return access && resultByCall.get(access.name);
  if (type.endsWith("[]")) return arrayOf(type.slice(0, -2));
  return /^System\.Collections\.|Dictionary</.test(type) ? `a ${type}` : undefined;
}

function arrayOf(element: string | undefined): string | undefined {
  return element === undefined || /^(System\.)?s?byte$/i.test(element) ? undefined : `an array of ${element}`;
}

/** Of `new string[] { … }`: `string`. */
function elementTypeOf(node: CSharpNode, { textOf }: CodeModel): string | undefined {
  const type = fieldOf(node, "type");
  const element = type === undefined ? undefined : fieldOf(type, "type");
  return element === undefined ? undefined : textOf(element);
}

/** Of `new[] { "a" }`: `string`, when the first element tells. */
function firstElementType(node: CSharpNode, { typeOf }: CodeModel): string | undefined {
  const initializer = namedChildren(node).find(({ type }) => type === "initializer_expression");
  const first = initializer === undefined ? undefined : namedChildren(initializer)[0];
  return first === undefined ? undefined : typeOf(first);
}
