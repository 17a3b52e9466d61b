import { compareText } from "../problem.ts";
import { isDefault } from "./defaults.ts";
import { layoutExpression, normalizeExpression } from "./expression/normalize.ts";
import { printPolicyDocument } from "./print.ts";
import type { PolicyAttribute, PolicyDocument, PolicyElement, PolicyNode } from "./tree.ts";
import { isSignificantText, joinTexts } from "./white-space.ts";
import { normalizeLineEnds, trimXmlSpace } from "./xml-text.ts";

const sectionOrder = ["inbound", "backend", "outbound", "on-error"];

/**
 * The form in which desired and live text are compared: without what the service changes on its own (layout, escaping, line
 * ends) and what means nothing (comments, attribute order, documented defaults, white space and comments of C#). Ranges are
 * dropped. Literal text keeps its inner white space: "a b" and "ab" differ.
 */
export function canonicalPolicy(document: PolicyDocument): PolicyDocument {
  const root = canonicalElement(document.root);
  return { before: [], root: root.name === "policies" ? withSectionsInOrder(root) : root, after: [] };
}

/** True when two documents mean the same to the service. */
export function samePolicy(a: PolicyDocument, b: PolicyDocument): boolean {
  return sameNode(canonicalPolicy(a).root, canonicalPolicy(b).root);
}

/**
 * The canonical document laid out for people: two of these are equal when the documents mean the same, and differ in few
 * lines when they differ little. Blocks of C# stand on several lines.
 */
export function printForDiff(document: PolicyDocument): string {
  const { root } = canonicalPolicy(document);
  return printPolicyDocument({ before: [], root: layoutElement(root), after: [] }, { dialect: "rawxml" });
}

function canonicalElement(element: PolicyElement): PolicyElement {
  const attributes = element.attributes
    .map(({ name, value }) => ({ name, value: canonicalValue(normalizeLineEnds(value)) }))
    .filter(({ name, value }) => !isDefault(element.name, name, value))
    .sort((a, b) => compareText(a.name, b.name));
  return { type: "element", name: element.name, attributes, children: canonicalChildren(element.children) };
}

function canonicalChildren(children: readonly PolicyNode[]): PolicyNode[] {
  const kept = joinTexts(children.flatMap(plainNode));
  if (!kept.some(isSignificantText)) return kept.filter((node) => node.type !== "text").map(canonicalNode);
  const only = kept.length === 1 ? kept[0] : undefined;
  if (only?.type !== "text") return kept.map(canonicalNode);
  return [{ type: "text", value: canonicalValue(trimXmlSpace(only.value)) }];
}

/** Drops comments; CDATA is only a way of writing text. */
function plainNode(node: PolicyNode): PolicyNode[] {
  if (node.type === "comment") return [];
  return [node.type === "text" ? { type: "text", value: normalizeLineEnds(node.value) } : node];
}

function canonicalNode(node: PolicyNode): PolicyNode {
  return node.type === "element" ? canonicalElement(node) : node;
}

function canonicalValue(value: string): string {
  return normalizeExpression(value) ?? value;
}

function withSectionsInOrder(root: PolicyElement): PolicyElement {
  const rank = (node: PolicyNode): number => {
    const index = node.type === "element" ? sectionOrder.indexOf(node.name) : -1;
    return index === -1 ? sectionOrder.length : index;
  };
  return { ...root, children: [...root.children].sort((a, b) => rank(a) - rank(b)) };
}

function sameNode(a: PolicyNode, b: PolicyNode): boolean {
  if (a.type !== "element" || b.type !== "element") {
    return a.type !== "element" && b.type === a.type && a.value === b.value;
  }
  return (
    a.name === b.name &&
    sameList(a.attributes, b.attributes, (x, y) => x.name === y.name && x.value === y.value) &&
    sameList(a.children, b.children, sameNode)
  );
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => {
      const other = b[index];
      return other !== undefined && same(item, other);
    })
  );
}

function layoutElement(element: PolicyElement): PolicyElement {
  const attributes = element.attributes.map((attribute): PolicyAttribute => ({
    ...attribute,
    value: layoutExpression(attribute.value),
  }));
  return { ...element, attributes, children: element.children.map(layoutNode) };
}

function layoutNode(node: PolicyNode): PolicyNode {
  if (node.type === "element") return layoutElement(node);
  return node.type === "text" ? { type: "text", value: layoutExpression(node.value) } : node;
}
