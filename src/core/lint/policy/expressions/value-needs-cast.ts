import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { frameworkMembers } from "../../../policy/expression/csharp/framework-members.ts";
import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import {
  fieldOf,
  namedChildren,
  walkCSharp,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";

type Fault = { readonly node: CSharpNode; readonly message: string };

const arithmetic = new Set(["<", ">", "<=", ">=", "-", "*", "/", "%", "&&", "||"]);
/** Types that take no object without a cast. */
const narrow = new Set([
  "string",
  "int",
  "long",
  "bool",
  "double",
  "decimal",
  "System.DateTime",
  "System.Guid",
]);
const takesString =
  /^(?:(?:string|String)\.(?:IsNullOrEmpty|IsNullOrWhiteSpace)|(?:int|long|bool|double|decimal|Int32|Int64|Boolean|Double|DateTime|Guid|TimeSpan|JObject|JToken|JArray|XElement|XDocument)\.Parse|Convert\.FromBase64String)$/;

export const valueNeedsCast: PolicyRule = {
  id: "value-needs-cast",
  severity: "error",
  summary: "A variable of the request is used as a text, number or response without a cast.",
  why: '`context.Variables["x"]` has type object, and the compiler refuses members and operators that object does not have (CS1061, CS0019, CS0266). See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables.',
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><send-request response-variable-name="r" /><set-variable name="a" value="@(context.Variables["r"].StatusCode)" /></inbound></policies>`,
    good: `<policies><inbound><send-request response-variable-name="r" /><set-variable name="a" value="@(((IResponse)context.Variables["r"]).StatusCode)" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      const faults: Fault[] = [];
      walkCSharp(model.body, (node) => {
        const fault = faultOf(node, model);
        if (fault !== undefined) faults.push(fault);
      });
      for (const { node, message } of faults) {
        const help = `cast it: \`((IResponse)${shown(node, model)})\`, \`(string)…\`, \`(int)…\`; or use \`context.Variables.GetValueOrDefault<T>("…")\``;
        yield findingAt(context, placed, node, message, { help });
      }
    }
  },
};

function shown(node: CSharpNode, { textOf }: CodeModel): string {
  const text = textOf(node);
  return text.length > 50 ? "…" : text;
}

function faultOf(node: CSharpNode, model: CodeModel): Fault | undefined {
  const isObject = (part: CSharpNode | undefined): part is CSharpNode =>
    part !== undefined && model.typeOf(part) === "object";
  const access = accessOf(node, model.textOf);
  if (
    access !== undefined &&
    isObject(access.owner) &&
    frameworkMembers("object")?.has(access.name) !== true
  ) {
    return { node: access.owner, message: `an object has no member '${access.name}': a cast is missing` };
  }
  switch (node.type) {
    case "element_access_expression": {
      const owner = fieldOf(node, "expression");
      return isObject(owner)
        ? { node: owner, message: "an object cannot be indexed: a cast is missing" }
        : undefined;
    }
    case "binary_expression": {
      const operator = node.children.find(({ isNamed }) => !isNamed)?.type ?? "";
      const side = [fieldOf(node, "left"), fieldOf(node, "right")].find(isObject);
      if (side === undefined || !arithmetic.has(operator)) return undefined;
      return {
        node: side,
        message: `operator \`${operator}\` cannot be applied to an object: a cast is missing`,
      };
    }
    case "prefix_unary_expression": {
      const operand = namedChildren(node).at(-1);
      return isObject(operand)
        ? { node: operand, message: "this operator cannot be applied to an object: a cast is missing" }
        : undefined;
    }
    case "conditional_expression":
    case "if_statement": {
      const condition = fieldOf(node, "condition");
      if (!isObject(condition)) return undefined;
      return {
        node: condition,
        message: "a condition must be a bool, and this is an object: a cast is missing",
      };
    }
    case "variable_declarator":
      return declaredFault(node, model);
    case "invocation_expression":
      return argumentFault(node, model);
    default:
      return undefined;
  }
}

/** `string x = context.Variables["x"];` */
function declaredFault(node: CSharpNode, model: CodeModel): Fault | undefined {
  const name = fieldOf(node, "name");
  const value = namedChildren(node).find(({ field }) => field !== "name");
  const type = name === undefined || value === undefined ? undefined : model.typeOf(name);
  if (value === undefined || type === undefined || !narrow.has(type) || model.typeOf(value) !== "object")
    return undefined;
  return { node: value, message: `an object is no ${type}: a cast is missing` };
}

function argumentFault(node: CSharpNode, model: CodeModel): Fault | undefined {
  const called = fieldOf(node, "function");
  const list = fieldOf(node, "arguments");
  if (called === undefined || list === undefined || !takesString.test(model.textOf(called))) return undefined;
  const [argument] = namedChildren(list);
  const value = argument === undefined ? undefined : namedChildren(argument).at(-1);
  if (value === undefined) return undefined;
  const type = model.typeOf(withoutParentheses(value));
  if (type !== "object" && type !== "string[]") return undefined;
  const what = type === "object" ? "an object" : "a list of values";
  return { node: value, message: `${model.textOf(called)} takes a string, and this is ${what}` };
}
