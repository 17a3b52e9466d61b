/** Two places where tree-sitter's C# grammar reads code otherwise than C# does. */
import { walkCSharp } from "./node.ts";
import type { CSharpNode } from "./node.ts";

const postfix = new Set([
  ...["member_access_expression", "conditional_access_expression", "element_access_expression"],
  ...["invocation_expression", "postfix_unary_expression"],
]);
const looser = new Set([
  "cast_expression",
  "prefix_unary_expression",
  "binary_expression",
  "await_expression",
]);

/**
 * The grammar reads `(T)a?.B` as `((T)a)?.B`. Postfix operators bind tighter: the cast, or whatever stands before, is put
 * around them again. Children are taken to be in order already.
 */
export function regroup(node: CSharpNode): CSharpNode {
  const [head, ...rest] = node.children;
  if (head === undefined || !postfix.has(node.type) || !looser.has(head.type)) return node;
  const operand = head.children.at(-1);
  if (operand === undefined) return node;
  const inner = regroup({
    ...node,
    field: operand.field,
    start: operand.start,
    children: [{ ...operand, field: head.field }, ...rest],
  });
  return { ...head, field: node.field, end: node.end, children: [...head.children.slice(0, -1), inner] };
}

/** Whether `a < B > (c)` is in the tree: C# always takes it for a generic call. */
export function readsTypeArgumentsAsComparison(root: CSharpNode): boolean {
  let isFound = false;
  walkCSharp(root, (node) => {
    if (operatorOf(node) === ">" && operatorOf(node.children[0]) === "<") isFound = true;
  });
  return isFound;
}

function operatorOf(node: CSharpNode | undefined): string | undefined {
  if (node?.type !== "binary_expression") return undefined;
  return node.children.find(({ isNamed }) => !isNamed)?.type;
}

const typeArguments = /(\.\s*[A-Za-z_]\w*\s*<)([\w\s.,?[\]<>]{1,200})(?=>\s*\()/g;
const typeName = /[A-Za-z_][\w.]*/g;
const keywords = new Set([
  "bool",
  "byte",
  "char",
  "decimal",
  "double",
  "float",
  "int",
  "long",
  "object",
  "short",
  "string",
]);

/** Puts a keyword for each type argument of a call, same length, so that the grammar cannot take it for a comparison. */
export function maskTypeArguments(code: string): string {
  return code.replace(typeArguments, (_, before: string, names: string) => {
    const masked = names.replace(typeName, (name) =>
      keywords.has(name) || name.length < 3 ? name : "int".padEnd(name.length),
    );
    return before + masked;
  });
}
