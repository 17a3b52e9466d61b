/**
 * How the service gives a policy document back: laid out anew whatever was sent, with CRLF and tabs, entities in `xml` and
 * bare expressions in `rawxml`. Vectors: Azure/azure-rest-api-specs#25306 and #21835, Azure/apiops#555.
 *
 * This printer is not the compiler's: it stands in for a service that prints as it likes.
 */
import type {
  PolicyAttribute,
  PolicyDialect,
  PolicyDocument,
  PolicyElement,
  PolicyNode,
} from "../../core/policy/tree.ts";
import { isXmlSpace } from "../../core/policy/xml-text.ts";

export type Rendition = { readonly dialect: PolicyDialect; readonly indent: string };

/** The text of a document, without a line end after it. */
export function renderPolicy(document: PolicyDocument, rendition: Rendition): string {
  const nodes: readonly PolicyNode[] = [...document.before, document.root, ...document.after];
  return nodes.map((node) => renderNode(node, "", rendition)).join("\r\n");
}

function renderNode(node: PolicyNode, indent: string, rendition: Rendition): string {
  switch (node.type) {
    case "comment":
      return `<!--${withCrlf(node.value)}-->`;
    case "text":
      return renderText(node.value, node.isCData === true, rendition);
    case "element":
      return renderElement(node, indent, rendition);
  }
}

function renderElement(element: PolicyElement, indent: string, rendition: Rendition): string {
  const start = `<${element.name}${element.attributes.map((attribute) => renderAttribute(attribute, rendition)).join("")}`;
  const hasText = element.children.some((node) => node.type === "text" && !isXmlSpace(node.value));
  const children = hasText ? element.children : element.children.filter((node) => node.type !== "text");
  if (children.length === 0) return `${start} />`;
  if (hasText) {
    // Text is data: nothing is laid out around it.
    return `${start}>${children.map((node) => renderNode(node, indent, rendition)).join("")}</${element.name}>`;
  }
  const inner = `${indent}${rendition.indent}`;
  const lines = children.map((node) => `\r\n${inner}${renderNode(node, inner, rendition)}`);
  return `${start}>${lines.join("")}\r\n${indent}</${element.name}>`;
}

function renderAttribute({ name, value }: PolicyAttribute, { dialect }: Rendition): string {
  if (dialect === "xml") return ` ${name}="${escapeAttribute(value)}"`;
  if (isExpression(value)) return ` ${name}="${withCrlf(value)}"`;
  // `&` comes back bare even where it was an entity that mattered: Azure/apiops#555.
  return ` ${name}="${value.replaceAll("<", "&lt;").replaceAll('"', "&quot;")}"`;
}

function renderText(value: string, isCData: boolean, { dialect }: Rendition): string {
  if (isCData) return `<![CDATA[${withCrlf(value)}]]>`;
  if (dialect === "rawxml" && isExpression(value)) return withCrlf(value);
  const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return withCrlf(dialect === "rawxml" ? escaped.replaceAll("&amp;", "&") : escaped);
}

/** Attributes keep their line ends as character references; quotes, brackets and ampersands become entities. */
function escapeAttribute(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\t", "&#x9;");
}

function isExpression(value: string): boolean {
  return value.includes("@(") || value.includes("@{");
}

function withCrlf(value: string): string {
  return value.replaceAll(/\r?\n/g, "\r\n");
}
