import type { PolicyNode } from "./tree.ts";
import { isXmlSpace } from "./xml-text.ts";

/** True for text that is more than layout; CDATA always is. */
export function isSignificantText(node: PolicyNode): boolean {
  return node.type === "text" && (node.isCData === true || !isXmlSpace(node.value));
}

/**
 * The children without the white space that only lays them out: text of nothing but white space, unless it is all there is
 * or stands beside other text.
 */
export function withoutLayout<T extends PolicyNode>(children: readonly T[]): readonly T[] {
  if (children.every((child) => child.type === "text")) return children;
  return topLevelWithoutLayout(children);
}

/** The same for the nodes of a piece of a document, where white space alone is nothing. */
export function topLevelWithoutLayout<T extends PolicyNode>(nodes: readonly T[]): readonly T[] {
  return nodes.some(isSignificantText) ? nodes : nodes.filter((node) => node.type !== "text");
}

/** Texts side by side made one, as a parser would read them. CDATA stays apart. */
export function joinTexts(nodes: readonly PolicyNode[]): readonly PolicyNode[] {
  const joined: PolicyNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    const isPlain = node.type === "text" && node.isCData !== true;
    if (isPlain && last?.type === "text" && last.isCData !== true) {
      joined[joined.length - 1] = { type: "text", value: last.value + node.value };
    } else if (!isPlain || node.value !== "") {
      joined.push(node);
    }
  }
  return joined;
}
