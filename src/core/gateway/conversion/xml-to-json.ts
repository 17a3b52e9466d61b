/**
 * What `xml-to-json` makes of a document. `direct` is known from published runs: Newtonsoft's XmlNodeConverter, with `$` for the colon
 * of names, `$comment` for comments of which there are several, and the XML declaration as plain members. Of
 * `javascript-friendly` no run is published.
 */
import { printText } from "../expression/json/json-print.ts";
import { readXmlTree } from "./xml-tree.ts";
import type { XmlElementNode, XmlNode, XmlTree } from "./xml-tree.ts";

export type XmlToJsonOptions = {
  readonly kind: "direct" | "javascript-friendly";
  /** Child elements become arrays also where there is one of a name. */
  readonly alwaysArrays: boolean;
};

/** JSON without white space; comments of XML may be in it as comments. Throws ConversionError. */
export function xmlToJson(text: string, options: XmlToJsonOptions): string {
  return new Writer(options).document(readXmlTree(text));
}

/** What stands under one name: nodes of the document, or the text of an attribute. */
type Entry = { readonly name: string; readonly nodes: readonly XmlNode[]; readonly isComment: boolean };

class Writer {
  readonly #options: XmlToJsonOptions;

  constructor(options: XmlToJsonOptions) {
    this.#options = options;
  }

  document({ declaration, nodes }: XmlTree): string {
    const declared = declaration.map(({ name, value }): Entry => ({
      name,
      nodes: [{ type: "text", value }],
      isComment: false,
    }));
    return this.#object([...declared, ...this.#groups(nodes, [])], false);
  }

  #element(element: XmlElementNode): string {
    const { attributes, children, isSelfClosing } = element;
    const [only] = children;
    if (attributes.length === 0) {
      if (only === undefined) return isSelfClosing ? "null" : '""';
      if (children.length === 1 && only.type === "text") return printText(only.value);
    }
    const written = attributes.map(({ name, value }): Entry => ({
      name: this.#attributeName(name),
      nodes: [{ type: "text", value }],
      isComment: false,
    }));
    return this.#object(this.#groups(children, written), this.#options.alwaysArrays);
  }

  #object(entries: readonly Entry[], makesArrays: boolean): string {
    let text = "{";
    let count = 0;
    for (const { name, nodes, isComment } of entries) {
      const [only] = nodes;
      // Newtonsoft writes a comment without a comma before it; of several there is an array, which is left empty.
      if (isComment && nodes.length === 1 && only?.type === "comment") {
        text += `/*${only.value}*/`;
        continue;
      }
      if (count > 0) text += ",";
      count += 1;
      const isArray = nodes.length > 1 || (makesArrays && only?.type === "element");
      text += `${printText(name)}:${isArray ? `[${this.#items(nodes)}]` : this.#items(nodes)}`;
    }
    return `${text}}`;
  }

  #items(nodes: readonly XmlNode[]): string {
    return nodes
      .filter(({ type }) => type !== "comment")
      .map((node) => (node.type === "element" ? this.#element(node) : printText(node.value)))
      .join(",");
  }

  /** Nodes of one name together, at the place of the first, behind the entries that are there already. */
  #groups(nodes: readonly XmlNode[], before: readonly Entry[]): Entry[] {
    const groups = new Map<string, { nodes: XmlNode[]; isComment: boolean }>();
    for (const { name, nodes: own } of before) {
      const known = groups.get(name);
      if (known === undefined) groups.set(name, { nodes: [...own], isComment: false });
      else known.nodes.push(...own);
    }
    for (const node of nodes) {
      const isComment = node.type === "comment";
      const name = this.#nameOf(node);
      const known = groups.get(name);
      if (known === undefined) groups.set(name, { nodes: [node], isComment });
      else known.nodes.push(node);
    }
    return [...groups].map(([name, group]) => ({ name, ...group }));
  }

  #nameOf(node: XmlNode): string {
    const isFriendly = this.#options.kind === "javascript-friendly";
    switch (node.type) {
      case "element":
        return plainName(node.name);
      case "text":
        return isFriendly ? "$text" : "#text";
      case "cdata":
        return isFriendly ? "$cdata" : "#cdata-section";
      case "comment":
        return "$comment";
      case "instruction":
        return `?${node.name}`;
    }
  }

  #attributeName(name: string): string {
    return this.#options.kind === "javascript-friendly" ? plainName(name) : `@${plainName(name)}`;
  }
}

function plainName(name: string): string {
  return name.replace(":", "$");
}
