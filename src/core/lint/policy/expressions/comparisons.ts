import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { fieldOf, walkCSharp, withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";

export type Comparison = {
  readonly node: CSharpNode;
  readonly operator: "==" | "!=";
  readonly sides: readonly [CSharpNode, CSharpNode];
};

/** Every `==` and `!=` of the code; parentheses around the sides are left out. */
export function comparisonsOf({ body }: CodeModel): Comparison[] {
  const found: Comparison[] = [];
  walkCSharp(body, (node) => {
    if (node.type !== "binary_expression") return;
    const operator = node.children.find(({ isNamed }) => !isNamed)?.type;
    const left = fieldOf(node, "left");
    const right = fieldOf(node, "right");
    if ((operator !== "==" && operator !== "!=") || left === undefined || right === undefined) return;
    found.push({ node, operator, sides: [withoutParentheses(left), withoutParentheses(right)] });
  });
  return found;
}
