/** What the parts of the compiler share: the code, what is known of its types, and each other. */
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import {
  fieldOf,
  hasToken,
  namedChildren,
  walkCSharp,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { canonicalType, isKnownTypeName, refusedType } from "../../../policy/expression/csharp/type-names.ts";
import { parseType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import type { Action, Code, Scope } from "./frame.ts";

/** Why code is not compiled, and where; leaves the compiler through `prepareExpression`. */
export class RefusedCode extends Error {
  readonly node: CSharpNode;

  constructor(node: CSharpNode, message: string) {
    super(message);
    this.node = node;
  }
}

export type Compiler = {
  readonly model: CodeModel;
  /** An expression for its value. */
  readonly expression: (node: CSharpNode, scope: Scope) => Code;
  readonly statement: (node: CSharpNode, scope: Scope) => Action;
  /** Whether arithmetic that overflows throws: inside `checked`. */
  isChecked: boolean;
  /** Whether the code has `dynamic` in it, so that members may be those of a JSON object. */
  readonly isDynamic: boolean;
  /** Whether members may have any name, since the code makes anonymous objects or tuples. */
  readonly hasOpenMembers: boolean;
};

/** What `checked` or `unchecked` holds, compiled as that says; before and after it counts what counted around it. */
export function withinChecked<T>(compiler: Compiler, node: CSharpNode, compile: () => T): T {
  const before = compiler.isChecked;
  compiler.isChecked = hasToken(node, "checked");
  try {
    return compile();
  } finally {
    compiler.isChecked = before;
  }
}

export function refuse(node: CSharpNode, message: string): never {
  throw new RefusedCode(node, message);
}

export function textOf(compiler: Compiler, node: CSharpNode): string {
  return compiler.model.textOf(node);
}

/** The field, or a refusal where the grammar has left it out. */
export function needed(node: CSharpNode, field: string): CSharpNode {
  return fieldOf(node, field) ?? refuse(node, "This code is not complete.");
}

export function firstNamed(node: CSharpNode): CSharpNode {
  return namedChildren(node)[0] ?? refuse(node, "This code is not complete.");
}

/** Reads a type and refuses what policy expressions may not use. `var` gives undefined. */
export function typeAt(compiler: Compiler, node: CSharpNode): TypeRef | undefined {
  if (node.type === "implicit_type") return undefined;
  if (node.type === "tuple_type") refuse(node, "Tuple types are not simulated.");
  walkCSharp(node, (part, ancestors) => {
    if (part.type !== "identifier" || ancestors.at(-1)?.type === "qualified_name") return;
    checkTypeName(textOf(compiler, part), part);
  });
  const text = textOf(compiler, node);
  return text === "var" ? undefined : parseType(text);
}

const word = /[A-Za-z_]\w*/g;

/** Reads `<T, U>`. By its text: where the grammar was helped over a generic call, the nodes inside are too short. */
export function typeArgumentsAt(compiler: Compiler, list: CSharpNode): readonly TypeRef[] {
  const text = textOf(compiler, list);
  for (const [name] of text.replace(/[\w.]+\.(?=\w)/g, "").matchAll(word)) {
    if (canonicalType(name) === undefined) checkTypeName(name, list);
  }
  return parseType(`T${text}`).args;
}

/** Refuses the name of a type that is not allowed, in the words that lint has for it. */
export function checkTypeName(name: string, node: CSharpNode): void {
  if (isKnownTypeName(name)) return;
  const refused = refusedType(name);
  if (refused !== undefined) refuse(node, `Usage of type '${refused}' is not supported within expressions.`);
  refuse(node, `Type '${name}' is not in the list of types that expressions may use.`);
}

/** Whether C# knows the value only as `object`, so that a cast unboxes and `==` compares references. */
export function isBoxed(compiler: Compiler, node: CSharpNode): boolean {
  const inner = withoutParentheses(node);
  const { model } = compiler;
  if (model.typeOf(inner) === "object") return true;
  if (inner.type !== "invocation_expression") return false;
  const called = fieldOf(inner, "function");
  const owner = called === undefined ? undefined : fieldOf(called, "expression");
  const name = called === undefined ? undefined : fieldOf(called, "name");
  if (owner === undefined || name === undefined || textOf(compiler, name) !== "GetValueOrDefault")
    return false;
  const isOfObjects = model.typeOf(owner)?.endsWith("<string, object>") === true;
  const args = fieldOf(inner, "arguments");
  return isOfObjects && args !== undefined && namedChildren(args).length === 1;
}

/** Whether functions are made below a node, so that each turn of a loop needs variables of its own. */
export function makesFunctions(node: CSharpNode): boolean {
  let isFound = false;
  walkCSharp(node, ({ type }) => {
    if (functionTypes.has(type)) isFound = true;
  });
  return isFound;
}

const functionTypes = new Set([
  ...["lambda_expression", "anonymous_method_expression", "local_function_statement", "query_expression"],
]);
