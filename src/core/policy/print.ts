import { fragment } from "xmlbuilder2";
import { Failure } from "../failure.ts";
import { maxDepth } from "./read-nodes.ts";
import type { PolicyDialect, PolicyDocument, PolicyElement, PolicyNode } from "./tree.ts";
import { isSignificantText, joinTexts, topLevelWithoutLayout, withoutLayout } from "./white-space.ts";
import { writeAttributeValue, writeCData, writeText } from "./write-values.ts";
import {
  characterName,
  commentText,
  findIllegalCharacter,
  isXmlName,
  normalizeLineEnds,
} from "./xml-text.ts";

export type PolicyPrintOptions = {
  readonly dialect: PolicyDialect;
  /** Spaces per level; 2 when left out. */
  readonly indent?: number;
};

/**
 * The document as text, ending with a line feed: one element or comment per line, text where it stands and as it is, no
 * blank lines. Equal trees give equal text, and reading it gives the tree back. Throws Failure `POLICY.UNPRINTABLE` for a
 * tree that no XML can hold, such as one with control characters.
 */
export function printPolicyDocument(document: PolicyDocument, options: PolicyPrintOptions): string {
  return printPolicyNodes([...document.before, document.root, ...document.after], options);
}

/** The same for a piece of a document. Where text stands beside elements nothing is laid out, nor is a line feed added. */
export function printPolicyNodes(nodes: readonly PolicyNode[], options: PolicyPrintOptions): string {
  return new Printer(options).print(nodes);
}

type Builder = ReturnType<typeof fragment>;

const plainName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const needsHolding = /[&<>"\r\n\t\u00B7]/;
const held = /_\u00B7(\d+)\u00B7/g;

/**
 * Builds the tree with xmlbuilder2, which lays it out and writes the markup. What that library would alter goes through it
 * as a placeholder, `_·7·`, a valid name and valid text: it takes `&lt;` in a value for an entity that is already escaped,
 * resolves name spaces, which policies do not declare, and knows nothing of verbatim expressions.
 */
class Printer {
  readonly #dialect: PolicyDialect;
  readonly #indent: string;
  readonly #held: string[] = [];

  constructor({ dialect, indent = 2 }: PolicyPrintOptions) {
    this.#dialect = dialect;
    this.#indent = " ".repeat(indent);
  }

  print(nodes: readonly PolicyNode[]): string {
    const kept = topLevelWithoutLayout(nodes);
    if (kept.length === 0) return "";
    // At the start of a text this character would be read as a byte order mark.
    if (kept.some(isSignificantText)) return this.#inline(kept, 0).replace(/^\uFEFF/, "&#xFEFF;");
    const builder = fragment();
    for (const node of kept) this.#add(builder, node, 1, false);
    const markup = builder.toString({ prettyPrint: true, indent: this.#indent, spaceBeforeSlash: true });
    return `${this.#release(markup)}\n`;
  }

  /** Nodes one after the other without any layout: where text stands beside elements, white space counts. */
  #inline(nodes: readonly PolicyNode[], depth: number): string {
    const builder = fragment();
    for (const node of joinTexts(nodes)) this.#add(builder, node, depth + 1, true);
    return this.#release(builder.toString({ prettyPrint: false, spaceBeforeSlash: true }));
  }

  #add(parent: Builder, node: PolicyNode, depth: number, isInline: boolean): void {
    switch (node.type) {
      case "element":
        return this.#addElement(parent, node, depth, isInline);
      case "comment":
        parent.com(this.#comment(node.value));
        return;
      case "text":
        parent.txt(this.#hold(this.#text(node.value, node.isCData === true)));
    }
  }

  #addElement(parent: Builder, node: PolicyElement, depth: number, isInline: boolean): void {
    if (depth > maxDepth) throw unprintable(`elements are nested more than ${maxDepth} deep`);
    const element = parent.ele(this.#name(node.name));
    const names = new Set<string>();
    for (const { name, value } of node.attributes) {
      if (names.has(name)) throw unprintable(`<${node.name}> has the attribute \`${name}\` twice`);
      names.add(name);
      checkCharacters(value, `the attribute \`${name}\` of <${node.name}>`);
      element.att(this.#name(name), this.#hold(writeAttributeValue(value, this.#dialect)));
    }
    if (node.children.length > 0) this.#addChildren(element, node.children, depth, isInline);
  }

  #addChildren(element: Builder, children: readonly PolicyNode[], depth: number, isInline: boolean): void {
    const kept = joinTexts(withoutLayout(children));
    const isMixed = kept.some(isSignificantText) && kept.some((node) => node.type !== "text");
    if (isMixed && !isInline) {
      element.txt(this.#hold(this.#inline(kept, depth)));
    } else if (kept.length > 0 && kept.every((node) => node.type === "text")) {
      element.txt(this.#hold(kept.map((node) => this.#text(node.value, node.isCData === true)).join("")));
    } else {
      for (const node of kept) this.#add(element, node, depth + 1, isInline);
    }
  }

  #text(value: string, isCData: boolean): string {
    checkCharacters(value, "a text");
    return isCData ? writeCData(value) : writeText(value, this.#dialect);
  }

  #comment(value: string): string {
    checkCharacters(value, "a comment");
    return this.#hold(commentText(normalizeLineEnds(value)));
  }

  #name(name: string): string {
    if (plainName.test(name) && name !== "xmlns") return name;
    if (!isXmlName(name)) throw unprintable(`\`${name}\` is not a name that XML allows`);
    return this.#place(name);
  }

  #hold(markup: string): string {
    return needsHolding.test(markup) ? this.#place(markup) : markup;
  }

  #place(markup: string): string {
    this.#held.push(markup);
    return `_\u00B7${this.#held.length - 1}\u00B7`;
  }

  #release(markup: string): string {
    return markup.replace(held, (_, index: string) => this.#held[Number(index)] ?? "");
  }
}

function checkCharacters(value: string, where: string): void {
  const at = findIllegalCharacter(value);
  if (at === -1) return;
  throw unprintable(`${where} holds the character ${characterName(value, at)}, which XML does not allow`);
}

function unprintable(why: string): Failure {
  return new Failure("POLICY.UNPRINTABLE", "The policy document cannot be written as XML.", {
    why: `${why}.`,
  });
}
