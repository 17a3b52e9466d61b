/** XML as .NET's XmlDocument holds it, as far as conversions ask: names with their prefixes, no white space between elements. */
import { SaxesParser } from "saxes";
import { ConversionError } from "./conversion-error.ts";

export type XmlAttribute = { readonly name: string; readonly value: string };

export type XmlElementNode = {
  readonly type: "element";
  /** As it is written, prefix included. */
  readonly name: string;
  readonly local: string;
  readonly attributes: readonly (XmlAttribute & { readonly uri: string; readonly local: string })[];
  readonly children: readonly XmlNode[];
  /** Written as `<a/>`. */
  readonly isSelfClosing: boolean;
};

export type XmlNode =
  | XmlElementNode
  | { readonly type: "text" | "cdata" | "comment"; readonly value: string }
  | { readonly type: "instruction"; readonly name: string; readonly value: string };

export type XmlTree = {
  /** What the XML declaration says, in its order. */
  readonly declaration: readonly XmlAttribute[];
  readonly nodes: readonly XmlNode[];
};

const maxDepth = 500;

/** Throws ConversionError for what is not well formed, has a document type, or is nested more than 500 deep. */
export function readXmlTree(text: string): XmlTree {
  const roots: XmlNode[] = [];
  const open: { readonly children: XmlNode[] }[] = [{ children: roots }];
  const declaration: XmlAttribute[] = [];
  const add = (node: XmlNode): void => void open.at(-1)?.children.push(node);
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", ({ message }) => {
    throw new ConversionError(message);
  });
  parser.on("doctype", () => {
    throw new ConversionError("For security reasons DTD is prohibited in this XML document.");
  });
  parser.on("xmldecl", ({ version, encoding, standalone }) => {
    const given = Object.entries({ version, encoding, standalone });
    for (const [name, value] of given) if (value !== undefined) declaration.push({ name, value });
  });
  parser.on("opentag", ({ name, local, attributes, isSelfClosing }) => {
    if (open.length > maxDepth) throw new ConversionError("The document is nested too deeply.");
    const children: XmlNode[] = [];
    const written = Object.values(attributes).map((attribute) => ({
      name: attribute.name,
      local: attribute.local,
      uri: attribute.uri,
      value: attribute.value,
    }));
    add({ type: "element", name, local, attributes: written, children, isSelfClosing });
    open.push({ children });
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (value) => {
    if (open.length > 1 && value.trim() !== "") add({ type: "text", value });
  });
  parser.on("cdata", (value) => add({ type: "cdata", value }));
  parser.on("comment", (value) => add({ type: "comment", value }));
  parser.on("processinginstruction", ({ target, body }) =>
    add({ type: "instruction", name: target, value: body }),
  );
  parser.write(text.replace(/^\uFEFF/, "")).close();
  return { declaration, nodes: roots };
}
