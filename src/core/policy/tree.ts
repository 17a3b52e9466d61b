/**
 * The policy document as a tree: one shape for what the compiler builds, the printer writes, the parser reads back, the
 * linter walks and the gateway runs. Values are decoded text: entities are resolved, expressions are plain C#.
 */

/** A point in the text that was parsed. Offsets count UTF-16 units from 0, lines and columns from 1. */
export type Position = { readonly offset: number; readonly line: number; readonly column: number };

/** From the first character to just past the last. */
export type Range = { readonly start: Position; readonly end: Position };

export type PolicyAttribute = {
  readonly name: string;
  /** Decoded: no entities, whatever the dialect it was read from. */
  readonly value: string;
  /** The name, for parsed documents. */
  readonly nameRange?: Range;
  /** The value without its quotes, as it stands in the text. */
  readonly valueRange?: Range;
};

export type PolicyElement = {
  readonly type: "element";
  readonly name: string;
  readonly attributes: readonly PolicyAttribute[];
  readonly children: readonly PolicyNode[];
  /** From `<` of the start tag to `>` of the end tag. */
  readonly range?: Range;
  /** The name in the start tag: APIM reports errors here. */
  readonly nameRange?: Range;
};

export type PolicyText = {
  readonly type: "text";
  readonly value: string;
  readonly isCData?: true;
  readonly range?: Range;
};

export type PolicyComment = {
  readonly type: "comment";
  readonly value: string;
  readonly range?: Range;
};

export type PolicyNode = PolicyElement | PolicyText | PolicyComment;

/** A whole document: one root, `policies` or `fragment`, and the comments around it. */
export type PolicyDocument = {
  readonly before: readonly PolicyComment[];
  readonly root: PolicyElement;
  readonly after: readonly PolicyComment[];
};

/** How expressions are written: `xml` with entities, `rawxml` with bare quotes, `<` and `&&`. APIM's own names. */
export type PolicyDialect = "xml" | "rawxml";

/** The first child element of that name, if there is one. */
export function childElement(parent: PolicyElement, name: string): PolicyElement | undefined {
  return parent.children.find((node): node is PolicyElement => node.type === "element" && node.name === name);
}

/** All child elements, in order. */
export function childElements(parent: PolicyElement): PolicyElement[] {
  return parent.children.filter((node): node is PolicyElement => node.type === "element");
}

/** The value of an attribute, if it is there. */
export function attributeValue(element: PolicyElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Character data of an element: its text nodes joined. */
export function elementText(element: PolicyElement): string {
  return element.children.map((node) => (node.type === "text" ? node.value : "")).join("");
}
