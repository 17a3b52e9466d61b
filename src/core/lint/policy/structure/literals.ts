/** Attributes with a literal whose type is known: what the rules on values look at. */
import { isExpressionStart } from "../../../policy/expression/scan.ts";
import {
  attributeOf,
  type AttributeDefinition,
  type ValueType,
} from "../../../policy/catalogue/catalogue.ts";
import type { PolicyAttribute, PolicyElement } from "../../../policy/tree.ts";
import { hasPlaceholder } from "../placeholders.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import { knownPlacements, type KnownPlacement } from "./placement.ts";

export type TypedAttribute = {
  readonly place: KnownPlacement;
  readonly element: PolicyElement;
  readonly attribute: PolicyAttribute;
  readonly definition: AttributeDefinition;
};

export type TypedLiteral = TypedAttribute & { readonly literal: string };

const cache = new WeakMap<PolicyLintContext, readonly TypedAttribute[]>();

/** All attributes that the catalogue knows; computed once per document. */
export function typedAttributes(context: PolicyLintContext): readonly TypedAttribute[] {
  const known = cache.get(context) ?? findTyped(context);
  cache.set(context, known);
  return known;
}

function findTyped(context: PolicyLintContext): TypedAttribute[] {
  return knownPlacements(context).flatMap((place) =>
    place.element.attributes.flatMap((attribute) => {
      const definition = attributeOf(place.content, attribute.name, place.role === "policy");
      return definition === undefined ? [] : [{ place, element: place.element, attribute, definition }];
    }),
  );
}

/** Those of some types that hold a literal, without the white space around it. */
export function typedLiterals(context: PolicyLintContext, types: readonly ValueType[]): TypedLiteral[] {
  return typedAttributes(context).flatMap((typed) => {
    const literal = types.includes(typed.definition.type) ? literalOf(typed.attribute.value) : undefined;
    return literal === undefined ? [] : [{ ...typed, literal }];
  });
}

/** A value without white space around it, unless it is computed or filled in later. */
export function literalOf(value: string): string | undefined {
  const trimmed = value.trim();
  return isComputed(trimmed) || hasPlaceholder(trimmed) ? undefined : trimmed;
}

/** The literal of an attribute of an element; undefined too when the attribute is not there. */
export function literalAttribute(element: PolicyElement, name: string): string | undefined {
  const value = element.attributes.find((attribute) => attribute.name === name)?.value;
  return value === undefined ? undefined : literalOf(value);
}

/** The whole number that an attribute holds as a literal. */
export function integerAttribute(element: PolicyElement, name: string): number | undefined {
  const literal = literalAttribute(element, name);
  return literal !== undefined && /^[+-]?\d+$/.test(literal) ? Number(literal) : undefined;
}

/**
 * Whether a literal looks like a word to be replaced, or like the description of a value (`seconds`, `true | false`): wrong
 * where a number is expected, but perhaps not meant for the service as it stands.
 */
export function isLikePlaceholder(literal: string): boolean {
  const isInCapitals = /^[A-Z][A-Z0-9]+$/.test(literal) && !/^(TRUE|FALSE)$/.test(literal);
  return isInCapitals || literal.includes("|") || literal.includes("...") || described.test(literal);
}

const described =
  /^(string|value|number|integer|seconds|milliseconds|minutes|bytes|kilobytes|boolean|name|code)$/i;

/** Whether a policy expression starts in the value. */
export function isComputed(value: string): boolean {
  return isExpressionStart(value.trimStart(), 0);
}

export const integerTypes: readonly ValueType[] = [
  "integer",
  "duration-seconds",
  "duration-milliseconds",
  "size-bytes",
  "size-kilobytes",
  "http-status",
];
