import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import {
  fieldOf,
  namedChildren,
  walkCSharp,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PlacedExpression } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import type { FindingExtras } from "./expression-finding.ts";
import { findingAt } from "./expression-finding.ts";

type Fault = { readonly node: CSharpNode; readonly message: string; readonly extras?: FindingExtras };

/** Types none of which C# turns into another by itself, but for char into int. */
const apart = new Set([
  ...["string", "string[]", "int", "bool", "char", "System.DateTime", "System.Guid", "System.TimeSpan"],
  ...["int?", "bool?"],
]);

const arithmetic = new Set(["<", ">", "<=", ">=", "-", "*", "/", "%"]);
/** Types that no arithmetic operator takes, whatever stands on the other side. */
const uncountable = new Set(["string", "string[]", "bool", "bool?", "System.Guid"]);

export const typeMismatch: PolicyRule = {
  id: "type-mismatch",
  severity: "error",
  summary: "A value has another type than C# takes in its place.",
  why: "The compiler refuses it (CS0029, CS0266, CS0019): a condition and the sides of `&&` are bool, and a declared type holds only what converts to it. With `?.` a bool becomes a `bool?`, which is no condition. Policies ask for a Boolean in `condition`: https://learn.microsoft.com/azure/api-management/choose-policy.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@{ if (context.User?.Email?.EndsWith("@a.example")) { return 1; } return 2; }" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@{ if (context.User?.Email?.EndsWith("@a.example") == true) { return 1; } return 2; }" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const faults: Fault[] = [];
      walkCSharp(model.body, (node) => faults.push(...faultsOf(node, model)));
      const ofPolicy = conditionFault(placed, model);
      if (ofPolicy !== undefined) faults.push(ofPolicy);
      for (const { node, message, extras } of faults) yield findingAt(context, placed, node, message, extras);
    }
  },
};

function faultsOf(node: CSharpNode, model: CodeModel): Fault[] {
  switch (node.type) {
    case "if_statement":
    case "while_statement":
    case "conditional_expression":
      return notBool(fieldOf(node, "condition"), model);
    case "binary_expression":
      return operated(node, model);
    case "prefix_unary_expression":
      return negated(node, model);
    case "element_access_expression":
      return indexed(node, model);
    case "invocation_expression":
      return splitByText(node, model);
    case "variable_declarator":
      return declared(node, model);
    default:
      return [];
  }
}

function operated(node: CSharpNode, model: CodeModel): Fault[] {
  const operator = node.children.find(({ isNamed }) => !isNamed)?.type ?? "";
  const sides = [fieldOf(node, "left"), fieldOf(node, "right")];
  if (operator === "&&" || operator === "||") return sides.flatMap((side) => notBool(side, model));
  const types = sides.map((side) =>
    side === undefined ? undefined : model.typeOf(withoutParentheses(side)),
  );
  const type = arithmetic.has(operator) ? types.find((type) => uncountable.has(type ?? "")) : undefined;
  if (type === undefined) return [];
  const help = type === "string" ? "read the number first: `int.Parse(…)`" : undefined;
  const message = `operator \`${operator}\` cannot be applied to a ${type}`;
  return [{ node, message, ...(help === undefined ? {} : { extras: { help } }) }];
}

function negated(node: CSharpNode, model: CodeModel): Fault[] {
  const operand = namedChildren(node).at(-1);
  const type = operand === undefined ? undefined : model.typeOf(withoutParentheses(operand));
  if (node.children[0]?.type !== "!" || type === "bool?" || operand === undefined) return [];
  return notBool(operand, model);
}

/** `context.Request.Body["model"]` */
function indexed(node: CSharpNode, model: CodeModel): Fault[] {
  const owner = fieldOf(node, "expression");
  if (owner === undefined || model.typeOf(owner) !== "IMessageBody") return [];
  const help = 'Read it first: `.As<JObject>(preserveContent: true)["…"]`.';
  return [{ node: owner, message: "a body cannot be indexed", extras: { help } }];
}

/** `"a,b".Split(",")`: the .NET Framework splits by characters only. */
function splitByText(node: CSharpNode, model: CodeModel): Fault[] {
  const access = accessOf(fieldOf(node, "function") ?? node, model.textOf);
  const list = fieldOf(node, "arguments");
  const [argument, ...others] = list === undefined ? [] : namedChildren(list);
  const value = argument === undefined ? undefined : namedChildren(argument).at(-1);
  if (access?.name !== "Split" || model.typeOf(access.owner) !== "string") return [];
  if (value === undefined || others.length > 0 || model.typeOf(value) !== "string") return [];
  const message = "cannot convert from 'string' to 'char': without options, texts are split by characters";
  return [{ node: value, message, extras: { help: "write `','`", severity: "warning" } }];
}

function notBool(node: CSharpNode | undefined, model: CodeModel): Fault[] {
  const type = node === undefined ? undefined : model.typeOf(withoutParentheses(node));
  if (node === undefined || type === undefined || type === "bool" || !apart.has(type)) return [];
  return [{ node, message: notBoolMessage(type), extras: { help: helpFor(type) } }];
}

/** `string a = 3;` */
function declared(node: CSharpNode, model: CodeModel): Fault[] {
  const name = fieldOf(node, "name");
  const value = namedChildren(node).find(({ field }) => field !== "name");
  if (name === undefined || value === undefined) return [];
  const [wanted, type] = [model.typeOf(name), model.typeOf(withoutParentheses(value))];
  if (wanted === undefined || type === undefined || !apart.has(wanted) || !apart.has(type)) return [];
  if (type === wanted || `${type}?` === wanted || (type === "char" && wanted.startsWith("int"))) return [];
  const message = `cannot implicitly convert type '${type}' to '${wanted}'`;
  return [{ node: value, message, extras: { help: "convert the value, or declare the other type" } }];
}

/** What `condition` of `when` and `retry` gives; how strictly the service takes it is not documented. */
function conditionFault({ place, attribute }: PlacedExpression, model: CodeModel): Fault | undefined {
  const isCondition = attribute?.name === "condition" && ["when", "retry"].includes(place.element.name);
  if (!isCondition || model.tree.kind !== "single") return undefined;
  const node = withoutParentheses(model.body);
  const type = model.typeOf(node);
  if (type === undefined || type === "bool" || !(apart.has(type) || type === "object")) return undefined;
  const help = type === "object" ? "cast it: `(bool)…`" : helpFor(type);
  return { node: model.body, message: notBoolMessage(type), extras: { help, severity: "warning" } };
}

function notBoolMessage(type: string): string {
  return `a bool must stand here, and this is ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function helpFor(type: string): string {
  return type === "bool?" ? "write `== true` behind it, or `?? false`" : "compare it with something";
}
