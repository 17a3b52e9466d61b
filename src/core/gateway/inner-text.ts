/** What stands inside an element as text: its texts, with the markup of elements between them. */
import type { PolicyElement, PolicyNode } from "../policy/tree.ts";
import { elementText } from "../policy/tree.ts";
import { mapMarkup } from "./liquid/liquid-markup.ts";

/** Texts alone come as they are. Beside elements they are escaped, but for what stands in Liquid's braces. */
export function innerText(element: PolicyElement): string {
  const hasMarkup = element.children.some(({ type }) => type === "element");
  return hasMarkup ? element.children.map(printNode).join("") : elementText(element);
}

function printNode(node: PolicyNode): string {
  if (node.type === "comment") return `<!--${node.value}-->`;
  if (node.type === "text") return node.isCData === true ? `<![CDATA[${node.value}]]>` : escaped(node.value);
  const attributes = node.attributes.map(({ name, value }) => ` ${name}="${escaped(value, true)}"`);
  const start = `<${node.name}${attributes.join("")}`;
  return node.children.length === 0
    ? `${start} />`
    : `${start}>${node.children.map(printNode).join("")}</${node.name}>`;
}

function escaped(text: string, isAttribute = false): string {
  return mapMarkup(text, { rest: (piece) => escapeMarkup(piece, isAttribute) });
}

function escapeMarkup(text: string, isAttribute: boolean): string {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return isAttribute ? plain.replaceAll('"', "&quot;") : plain;
}
