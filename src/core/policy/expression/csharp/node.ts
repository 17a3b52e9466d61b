/** A piece of a C# syntax tree in the words of the tree-sitter grammar (`binary_expression`, `identifier`, `&&` …). */
export type CSharpNode = {
  readonly type: string;
  /** Its part in the parent, such as `left` or `condition`. */
  readonly field: string | undefined;
  /** False for keywords and punctuation. */
  readonly isNamed: boolean;
  /** Not written: put in by the parser, which expected it here. */
  readonly isMissing: boolean;
  /** Offsets in the code that was parsed, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly CSharpNode[];
};

/** Code and what it parses to. Plain values: nothing is left to free. */
export type CSharpTree = {
  readonly code: string;
  readonly kind: "single" | "block";
  /** Everything that was parsed. */
  readonly root: CSharpNode;
  /** The expression, or the block of statements; undefined when the code is not one. */
  readonly body: CSharpNode | undefined;
  /** Whether the grammar does not take the code as it is. */
  readonly hasError: boolean;
};

export function fieldOf(node: CSharpNode, field: string): CSharpNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Children that mean something: no keywords, punctuation or comments. */
export function namedChildren(node: CSharpNode): CSharpNode[] {
  return node.children.filter((child) => child.isNamed && child.type !== "comment");
}

export function hasToken(node: CSharpNode, type: string): boolean {
  return node.children.some((child) => !child.isNamed && child.type === type);
}

/** The node without the parentheses around it. */
export function withoutParentheses(node: CSharpNode): CSharpNode {
  let inner = node;
  while (inner.type === "parenthesized_expression") {
    const [next] = namedChildren(inner);
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** Visits a node and all below, parents first. `ancestors` is from the outermost to the parent and only good during the call. */
export function walkCSharp(
  from: CSharpNode,
  visit: (node: CSharpNode, ancestors: readonly CSharpNode[]) => void,
): void {
  const ancestors: CSharpNode[] = [];
  const walk = (node: CSharpNode): void => {
    visit(node, ancestors);
    ancestors.push(node);
    node.children.forEach(walk);
    ancestors.pop();
  };
  walk(from);
}
