/** What the rules over policy documents look at: the tree once walked, with places and expressions at hand. */
import { expressionOf } from "../../policy/expression/scan.ts";
import type { PolicyExpression } from "../../policy/expression/scan.ts";
import type {
  PolicyAttribute,
  PolicyDialect,
  PolicyDocument,
  PolicyElement,
  PolicyText,
} from "../../policy/tree.ts";
import { walkElements } from "../../policy/walk.ts";
import type { SectionName } from "../../spec/schema.ts";
import type { KnownEntities, PolicyScope } from "./policy-rule.ts";

/** An element with where it stands. */
export type PlacedElement = {
  readonly element: PolicyElement;
  /** From the root down to the parent. */
  readonly ancestors: readonly PolicyElement[];
  /** The section it stands in, at any depth; undefined for the root, for sections themselves and inside fragments. */
  readonly section: SectionName | undefined;
};

/** An expression with where it stands: in an attribute, or as the text of an element. */
export type PlacedExpression = {
  readonly expression: PolicyExpression;
  readonly place: PlacedElement;
  readonly attribute?: PolicyAttribute;
  readonly text?: PolicyText;
  /** The whole decoded value that the expression is; offsets of the expression's tokens count in it. */
  readonly value: string;
};

export type PolicyLintContext = {
  readonly document: PolicyDocument;
  readonly root: PolicyElement;
  /** By the root element: `policies`, `fragment`, or a resolver's data source. */
  readonly shape: "document" | "fragment" | "other";
  /** Undefined when it is not known, as for loose files. */
  readonly scope: PolicyScope | undefined;
  /** Tier of the service, when it is known: `Consumption`, `StandardV2` … */
  readonly sku: string | undefined;
  /** Undefined: references are not checked. */
  readonly known: KnownEntities | undefined;
  /** The fragments whose text is known, by id in lower case. */
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  /** Parameters of the operation that the document is for; undefined when they are not known. */
  readonly templateParameters: readonly string[] | undefined;
  /** The text that was parsed, when there is one; a compiled document has none. */
  readonly source: string | undefined;
  /** The text that an element was parsed from: in a compiled document, that of its hand-written part. */
  readonly sourceOf: (element: PolicyElement) => string | undefined;
  readonly dialect: PolicyDialect;
  /** All elements, parents first. */
  readonly elements: readonly PlacedElement[];
  /** All expressions, in document order. */
  readonly expressions: readonly PlacedExpression[];
  /** Elements by name. */
  readonly named: (name: string) => readonly PlacedElement[];
};

export type PolicyContextOptions = {
  readonly scope?: PolicyScope | undefined;
  readonly sku?: string | undefined;
  readonly known?: KnownEntities | undefined;
  readonly fragments?: ReadonlyMap<string, PolicyDocument> | undefined;
  readonly templateParameters?: readonly string[] | undefined;
  readonly source?: string | undefined;
  readonly sourceOf?: ((element: PolicyElement) => string | undefined) | undefined;
  readonly dialect?: PolicyDialect | undefined;
};

const sections: readonly string[] = ["inbound", "backend", "outbound", "on-error"] satisfies SectionName[];

/** Walks a document once for all rules. */
export function createPolicyContext(
  document: PolicyDocument,
  options: PolicyContextOptions = {},
): PolicyLintContext {
  const elements: PlacedElement[] = [];
  const byName = new Map<string, PlacedElement[]>();
  walkElements(document.root, (element, ancestors) => {
    const placed = { element, ancestors: [...ancestors], section: sectionOf(ancestors) };
    elements.push(placed);
    const same = byName.get(element.name);
    if (same === undefined) byName.set(element.name, [placed]);
    else same.push(placed);
  });
  return {
    document,
    root: document.root,
    shape: shapeOf(document.root),
    scope: options.scope,
    sku: options.sku,
    known: options.known,
    fragments: options.fragments ?? new Map(),
    templateParameters: options.templateParameters,
    source: options.source,
    sourceOf: options.sourceOf ?? (() => options.source),
    dialect: options.dialect ?? "rawxml",
    elements,
    expressions: elements.flatMap((place) => expressionsOf(place)),
    named: (name) => byName.get(name) ?? [],
  };
}

function shapeOf({ name }: PolicyElement): PolicyLintContext["shape"] {
  if (name === "policies") return "document";
  return name === "fragment" ? "fragment" : "other";
}

function sectionOf([root, section]: readonly PolicyElement[]): SectionName | undefined {
  return root?.name === "policies" && section !== undefined && isSectionName(section.name)
    ? section.name
    : undefined;
}

/** Whether this is the name of one of the four sections. */
export function isSectionName(name: string): name is SectionName {
  return sections.includes(name);
}

function expressionsOf(place: PlacedElement): PlacedExpression[] {
  const { attributes, children } = place.element;
  const inAttributes = attributes.flatMap((attribute): PlacedExpression[] => {
    const expression = expressionOf(attribute.value);
    return expression === undefined ? [] : [{ expression, place, attribute, value: attribute.value }];
  });
  const inText = children.flatMap((node): PlacedExpression[] => {
    if (node.type !== "text") return [];
    const expression = expressionOf(node.value);
    return expression === undefined ? [] : [{ expression, place, text: node, value: node.value }];
  });
  return [...inAttributes, ...inText];
}
