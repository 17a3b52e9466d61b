/** Lambdas, anonymous methods and local functions. */
import { fieldOf, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { assignValue } from "../conversions.ts";
import type { TypeRef } from "../type-ref.ts";
import { FunctionValue } from "../values.ts";
import type { Value } from "../values.ts";
import { firstNamed, needed, refuse, textOf, typeAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { Frame, FrameLayout, Returned } from "./frame.ts";
import type { Code, Scope, Variable } from "./frame.ts";

export function compileFunction(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  if (node.children.some(({ type }) => type === "modifier" || type === "async"))
    refuse(node, "`async` is not simulated.");
  return compileCallable(compiler, node, scope);
}

type Parameter = { readonly variable: Variable; readonly type: TypeRef | undefined };

function compileCallable(compiler: Compiler, node: CSharpNode, scope: Scope, result?: TypeRef): Code {
  const inner = scope.inner(new FrameLayout(scope.frame));
  const parameters = declareParameters(compiler, fieldOf(node, "parameters"), inner);
  const bodyNode =
    fieldOf(node, "body") ?? namedChildren(node).at(-1) ?? refuse(node, "This code is not complete.");
  const body = compileBody(compiler, bodyNode, inner);
  return (frame) =>
    new FunctionValue((args) => {
      const own = new Frame(frame.ev, frame);
      parameters.forEach(({ variable, type }, index) => {
        const value = args[index] ?? null;
        own.slots[variable.slot] = type === undefined ? value : assignValue(value, type);
      });
      const value = frame.ev.nested(() => body(own));
      return result === undefined ? value : assignValue(value, result);
    }, parameters.length);
}

function declareParameters(compiler: Compiler, list: CSharpNode | undefined, scope: Scope): Parameter[] {
  if (list === undefined) return [];
  if (list.type === "implicit_parameter" || list.type === "identifier") {
    return [{ variable: scope.declare(textOf(compiler, list)), type: undefined }];
  }
  return namedChildren(list).map((parameter) => {
    if (parameter.type === "implicit_parameter" || parameter.type === "identifier") {
      return { variable: scope.declare(textOf(compiler, parameter)), type: undefined };
    }
    if (/^(ref|out|params)\b/.test(textOf(compiler, parameter)))
      refuse(parameter, "Such a parameter is not simulated.");
    const [typeNode, nameNode] = [fieldOf(parameter, "type"), needed(parameter, "name")];
    const type = typeNode === undefined ? undefined : typeAt(compiler, typeNode);
    return { variable: scope.declare(textOf(compiler, nameNode), type), type };
  });
}

function compileBody(compiler: Compiler, node: CSharpNode, scope: Scope): (frame: Frame) => Value {
  if (node.type === "arrow_expression_clause") return compiler.expression(firstNamed(node), scope);
  if (node.type !== "block") return compiler.expression(node, scope);
  const block = compiler.statement(node, scope);
  return (frame) => {
    const completion = block(frame);
    return completion instanceof Returned ? completion.value : null;
  };
}

/** Declares a local function before anything of its block runs, so that it may be called from above. */
export function declareLocalFunction(compiler: Compiler, node: CSharpNode, scope: Scope): Variable {
  return scope.declare(textOf(compiler, needed(node, "name")));
}

/** Code that makes the function and puts it into its variable. */
export function compileLocalFunction(
  compiler: Compiler,
  node: CSharpNode,
  scope: Scope,
  variable: Variable,
): (frame: Frame) => void {
  const typeNode = needed(node, "type");
  const result = textOf(compiler, typeNode) === "void" ? undefined : typeAt(compiler, typeNode);
  const make = compileCallable(compiler, node, scope, result);
  return (frame) => {
    frame.slots[variable.slot] = make(frame);
  };
}
