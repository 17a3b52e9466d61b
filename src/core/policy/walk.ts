import type { PolicyElement, PolicyNode } from "./tree.ts";

/**
 * Visits an element, or each element of a list, and all elements below, parents first. `ancestors` starts at the outermost
 * element and ends with the parent; it is only good during the call.
 */
export function walkElements(
  from: PolicyElement | readonly PolicyNode[],
  visit: (element: PolicyElement, ancestors: readonly PolicyElement[]) => void,
): void {
  const ancestors: PolicyElement[] = [];
  const walk = (node: PolicyNode): void => {
    if (node.type !== "element") return;
    visit(node, ancestors);
    ancestors.push(node);
    node.children.forEach(walk);
    ancestors.pop();
  };
  if ("type" in from) walk(from);
  else from.forEach(walk);
}
