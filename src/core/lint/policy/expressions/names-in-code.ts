import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { fieldOf, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { isMaskedNamedValue } from "./expression-analysis.ts";

/** A name that the code uses without declaring it, and that begins a chain: a type, a namespace, `context`, or unknown. */
export type FreeName = {
  readonly node: CSharpNode;
  /** `type` where only a type can stand, `call` where it is called. */
  readonly position: "type" | "call" | "value";
  /** The dotted name that starts here, as far as it is plain: `System.IO.File.Exists`. */
  readonly path: readonly CSharpNode[];
};

const memberNames = new Set(["member_access_expression", "member_binding_expression", "qualified_name"]);
const typeParents = new Set([
  ...[
    "type_argument_list",
    "nullable_type",
    "array_type",
    "pointer_type",
    "qualified_name",
    "typeof_expression",
  ],
]);

/** All free names of an expression. */
export function freeNames({ body, textOf, isDeclared }: CodeModel): FreeName[] {
  const names: FreeName[] = [];
  walkCSharp(body, (node, ancestors) => {
    if (node.type !== "identifier") return;
    const parent = ancestors.at(-1);
    if (isNameOfElse(node, parent, ancestors.at(-2))) return;
    const name = textOf(node);
    if (name === "_" || isDeclared(name) || isMaskedNamedValue(name)) return;
    names.push({ node, position: positionOf(node, ancestors), path: pathOf(node, ancestors) });
  });
  return names;
}

/** Members, arguments, labels and properties that an initializer sets: names that nothing here can judge. */
function isNameOfElse(
  node: CSharpNode,
  parent: CSharpNode | undefined,
  grandparent: CSharpNode | undefined,
): boolean {
  if (parent === undefined) return false;
  if (memberNames.has(parent.type)) return node.field === "name" || parent.children[0] !== node;
  if (parent.type === "generic_name")
    return (
      grandparent !== undefined &&
      memberNames.has(grandparent.type) &&
      fieldOf(grandparent, "name") === parent
    );
  if (parent.type === "argument" || parent.type === "subpattern")
    return node.field === "name" || isFollowedBy(node, parent, ":");
  if (parent.type === "labeled_statement" || parent.type === "goto_statement") return true;
  if (parent.type === "anonymous_object_creation_expression") return isFollowedBy(node, parent, "=");
  if (parent.type === "name_colon" || parent.type === "attribute" || parent.type === "tuple_element")
    return true;
  return (
    parent.type === "assignment_expression" &&
    node.field === "left" &&
    grandparent?.type === "initializer_expression"
  );
}

function isFollowedBy(node: CSharpNode, parent: CSharpNode, token: string): boolean {
  return parent.children[parent.children.indexOf(node) + 1]?.type === token;
}

function positionOf(node: CSharpNode, ancestors: readonly CSharpNode[]): FreeName["position"] {
  const parent = ancestors.at(-1);
  if (parent === undefined) return "value";
  if (parent.type === "generic_name") {
    const outer = ancestors.at(-2);
    return outer?.type === "invocation_expression" && parent.field === "function" ? "call" : "type";
  }
  if (node.field === "type" || typeParents.has(parent.type)) return "type";
  if (parent.type === "as_expression" && node.field === "right") return "type";
  return parent.type === "invocation_expression" && node.field === "function" ? "call" : "value";
}

function pathOf(node: CSharpNode, ancestors: readonly CSharpNode[]): CSharpNode[] {
  const path = [node];
  let inner: CSharpNode = node;
  for (let index = ancestors.length - 1; index >= 0; index -= 1) {
    const outer = ancestors[index];
    if (outer === undefined) break;
    if (outer.type === "generic_name" && outer.children[0] === inner) {
      inner = outer;
      continue;
    }
    if (!memberNames.has(outer.type) || outer.children[0] !== inner) break;
    const name = outer.type === "qualified_name" ? outer.children.at(-1) : fieldOf(outer, "name");
    if (name === undefined) break;
    path.push(name.type === "generic_name" ? (name.children[0] ?? name) : name);
    inner = outer;
  }
  return path;
}

/** Every `owner.Name` and `owner?.Name` of the code. */
export function memberAccesses(model: CodeModel) {
  const found: {
    readonly node: CSharpNode;
    readonly parent: CSharpNode | undefined;
    readonly access: NonNullable<ReturnType<typeof accessOf>>;
  }[] = [];
  walkCSharp(model.body, (node, ancestors) => {
    const access = accessOf(node, model.textOf);
    if (access !== undefined) found.push({ node, parent: ancestors.at(-1), access });
  });
  return found;
}
