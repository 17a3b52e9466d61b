/** Prints LINQ to XML as .NET does: two spaces and the line ends of Windows, texts kept together with what is beside them. */
import { XAttributeValue, XDocumentValue, XElementValue, XTextValue } from "./xml-values.ts";
import type { XChild, XContainerValue } from "./xml-values.ts";

const lineEnd = "\r\n";

export function printXml(node: XContainerValue | XTextValue | XAttributeValue, isIndented: boolean): string {
  if (node instanceof XAttributeValue) return `${node.name.local}="${escapeAttribute(node.value)}"`;
  if (node instanceof XTextValue) return printText(node);
  if (node instanceof XElementValue) return printElement(node, isIndented ? "" : undefined, new Map());
  if (!(node instanceof XDocumentValue)) return "";
  return node.children
    .map((child) => printChild(child, isIndented ? "" : undefined, new Map()))
    .join(isIndented ? lineEnd : "");
}

function printChild(child: XChild, indent: string | undefined, scope: ReadonlyMap<string, string>): string {
  return child instanceof XElementValue ? printElement(child, indent, scope) : printText(child);
}

function printText({ kind, value }: XTextValue): string {
  if (kind === "XCData") return `<![CDATA[${value}]]>`;
  return kind === "XComment" ? `<!--${value}-->` : escapeText(value);
}

const xmlNamespace = "http://www.w3.org/2000/xmlns/";

/** Prefixes by namespace: those in scope, and the element's own declarations. */
function scopeOf(element: XElementValue, outer: ReadonlyMap<string, string>): Map<string, string> {
  const scope = new Map(outer);
  for (const { name, value } of element.attributes) {
    if (name.namespace === xmlNamespace) scope.set(value, name.local);
    else if (name.local === "xmlns" && name.namespace === "") scope.set(value, "");
  }
  return scope;
}

function printElement(
  element: XElementValue,
  indent: string | undefined,
  outer: ReadonlyMap<string, string>,
): string {
  const scope = scopeOf(element, outer);
  const { name } = element;
  let declaration = "";
  if (name.namespace !== "" && !scope.has(name.namespace)) {
    scope.set(name.namespace, "");
    declaration = ` xmlns="${escapeAttribute(name.namespace)}"`;
  }
  const tag = qualified(scope.get(name.namespace) ?? "", name.local);
  const attributes = element.attributes
    .map((attribute) => ` ${attributeName(attribute, scope)}="${escapeAttribute(attribute.value)}"`)
    .join("");
  const start = `<${tag}${declaration}${attributes}`;
  if (element.children.length === 0) return `${start} />`;
  const isMixed = element.children.some((child) => child instanceof XTextValue && child.kind !== "XComment");
  const inner = indent === undefined || isMixed ? undefined : `${indent}  `;
  const content = element.children.map((child) => printChild(child, inner, scope));
  if (inner === undefined) return `${start}>${content.join("")}</${tag}>`;
  const lines = content.map((text) => lineEnd + inner + text).join("");
  return `${start}>${lines}${lineEnd}${indent ?? ""}</${tag}>`;
}

function attributeName({ name }: XAttributeValue, scope: ReadonlyMap<string, string>): string {
  if (name.namespace === xmlNamespace) return qualified("xmlns", name.local);
  return qualified(name.namespace === "" ? "" : (scope.get(name.namespace) ?? ""), name.local);
}

function qualified(prefix: string, local: string): string {
  return prefix === "" ? local : `${prefix}:${local}`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escapeAttribute(text: string): string {
  return escapeText(text)
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\t", "&#x9;");
}
