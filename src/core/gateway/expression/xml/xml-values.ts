/** LINQ to XML as far as expressions use it: documents, elements, attributes and texts that know their parents. */
import { EvaluationLimit } from "../errors.ts";
import type { ObjectValue } from "../values.ts";

export class XNameValue implements ObjectValue {
  readonly kind = "XName";
  constructor(
    readonly local: string,
    readonly namespace: string,
  ) {}

  /** Reads `name` or `{namespace}name`. */
  static from(text: string): XNameValue {
    const [, namespace, local] = /^\{([^}]*)\}(.+)$/.exec(text) ?? [];
    return local === undefined ? new XNameValue(text, "") : new XNameValue(local, namespace ?? "");
  }

  get text(): string {
    return this.namespace === "" ? this.local : `{${this.namespace}}${this.local}`;
  }

  isSame(other: XNameValue): boolean {
    return this.local === other.local && this.namespace === other.namespace;
  }
}

export class XNamespaceValue implements ObjectValue {
  readonly kind = "XNamespace";
  constructor(readonly uri: string) {}
}

export class XAttributeValue implements ObjectValue {
  readonly kind = "XAttribute";
  parent: XElementValue | null = null;
  constructor(
    readonly name: XNameValue,
    public value: string,
  ) {}
}

export class XTextValue implements ObjectValue {
  parent: XContainerValue | null = null;
  constructor(
    readonly kind: "XText" | "XCData" | "XComment",
    public value: string,
  ) {}
}

export type XChild = XElementValue | XTextValue;

export abstract class XContainerValue implements ObjectValue {
  abstract readonly kind: "XElement" | "XDocument";
  readonly children: XChild[] = [];

  add(child: XChild): void {
    const own = child.parent === null && child !== rootOf(this) ? child : copyNode(child);
    own.parent = this;
    this.children.push(own);
  }

  elements(): XElementValue[] {
    return this.children.filter((child) => child instanceof XElementValue);
  }
}

export class XElementValue extends XContainerValue {
  readonly kind = "XElement";
  parent: XContainerValue | null = null;
  readonly attributes: XAttributeValue[] = [];
  name: XNameValue;

  constructor(name: XNameValue) {
    super();
    this.name = name;
  }

  addAttribute(attribute: XAttributeValue): void {
    attribute.parent = this;
    this.attributes.push(attribute);
  }

  /** The text of the element and all below. */
  get value(): string {
    return this.children
      .map((child) =>
        child instanceof XElementValue ? child.value : child.kind === "XComment" ? "" : child.value,
      )
      .join("");
  }
}

export class XDocumentValue extends XContainerValue {
  readonly kind = "XDocument";

  get root(): XElementValue | null {
    return this.elements()[0] ?? null;
  }
}

const maxDepth = 1_000;

function rootOf(container: XContainerValue): XContainerValue {
  let root = container;
  for (let depth = 0; root instanceof XElementValue && root.parent !== null; depth += 1) {
    if (depth > maxDepth) throw new EvaluationLimit(`Elements are nested more than ${maxDepth} deep.`);
    root = root.parent;
  }
  return root;
}

function copyNode(node: XChild): XChild {
  if (node instanceof XTextValue) return new XTextValue(node.kind, node.value);
  const copy = new XElementValue(node.name);
  for (const { name, value } of node.attributes) copy.addAttribute(new XAttributeValue(name, value));
  for (const child of node.children) copy.add(copyNode(child));
  return copy;
}
