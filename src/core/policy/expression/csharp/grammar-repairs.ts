/** Places where tree-sitter's C# grammar reads code otherwise than C# does. */
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

/** Binary operators, loosest first; `is` and `as` stand with the comparisons of order. */
const levels = ["??", "||", "&&", "|", "^", "&", "== !=", "< > <= >= is as", "<< >>", "+ -", "* / %"];
const levelOfOperator = new Map(
  levels.flatMap((operators, level) =>
    operators.split(" ").map((operator): [string, number] => [operator, level]),
  ),
);
const operations = new Set(["binary_expression", "is_expression", "is_pattern_expression", "as_expression"]);

/**
 * The grammar reads `(T)a?.B` as `((T)a)?.B`, `a && b?.C == d` as `(a && b?.C) == d`, and `a is B && c` as a pattern
 * `B && c`. What binds tighter is put inside what it stands beside. Children are taken to be in order already.
 */
export function regroup(node: CSharpNode): CSharpNode {
  return withPatternCutShort(node) ?? withLastOperandOnly(node) ?? node;
}

/** A postfix or an operator that is written after something looser takes the last operand of that. */
function withLastOperandOnly(node: CSharpNode): CSharpNode | undefined {
  const [head, ...rest] = node.children;
  if (head === undefined || !bindsTighter(node, head)) return undefined;
  const operand = head.children.at(-1);
  if (operand === undefined) return undefined;
  const inner = regroup({
    ...node,
    field: operand.field,
    start: operand.start,
    children: [{ ...operand, field: head.field }, ...rest],
  });
  return { ...head, field: node.field, end: node.end, children: [...head.children.slice(0, -1), inner] };
}

/** Parentheses are nodes of their own: a looser operation never is the first child of a tighter one in what C# reads. */
function bindsTighter(node: CSharpNode, head: CSharpNode): boolean {
  if (postfix.has(node.type)) return looser.has(head.type);
  const [own, before] = [levelOf(node), levelOf(head)];
  return own !== undefined && before !== undefined && before < own;
}

/** Of a constant pattern only what binds tighter than `is` belongs to it. */
function withPatternCutShort(node: CSharpNode): CSharpNode | undefined {
  if (node.type !== "is_pattern_expression") return undefined;
  const pattern = node.children.at(-1);
  const operation = pattern?.type === "constant_pattern" ? pattern.children[0] : undefined;
  const [first, ...rest] = operation?.children ?? [];
  if (pattern === undefined || operation === undefined || first === undefined) return undefined;
  const [own, inside] = [levelOf(node), levelOf(operation)];
  if (own === undefined || inside === undefined || inside >= own) return undefined;
  const shorter = { ...pattern, end: first.end, children: [{ ...first, field: undefined }] };
  const left = regroup({
    ...node,
    field: first.field,
    end: first.end,
    children: [...node.children.slice(0, -1), shorter],
  });
  return { ...operation, field: node.field, start: node.start, children: [left, ...rest] };
}

function levelOf(node: CSharpNode): number | undefined {
  if (!operations.has(node.type)) return undefined;
  return levelOfOperator.get(node.children.find(({ isNamed }) => !isNamed)?.type ?? "");
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

const interpolated = /\$@?"|@\$"/;
const bracesBeforeHole = /\{\{(?=(?:\{\{)*\{[^{])/g;

/** The grammar takes `{{{x}` in an interpolated string for text: the doubled braces are hidden, same length, so that it sees the hole. */
export function maskDoubledBraces(code: string): string {
  return interpolated.test(code) ? code.replace(bracesBeforeHole, "__") : code;
}
