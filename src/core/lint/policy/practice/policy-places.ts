/** What the practice rules share: finding policies, reading literal values and the text of code, pointing at attributes. */
import type { PolicyAttribute, PolicyElement, Position, Range } from "../../../policy/tree.ts";
import { childElements } from "../../../policy/tree.ts";
import { hasPlaceholder } from "../placeholders.ts";
import type { PlacedElement, PlacedExpression, PolicyLintContext } from "../policy-context.ts";
import type { Fix } from "../policy-rule.ts";

/** Elements below these are content that is sent or transformed, not policies. */
const contentElements: ReadonlySet<string> = new Set(["set-body", "value", "message", "xsl-transform"]);

/** Policies of these names that are run: elements inside bodies and style sheets are not. */
export function policiesNamed(context: PolicyLintContext, ...names: readonly string[]): PlacedElement[] {
  return names.flatMap((name) => context.named(name)).filter(isPolicy);
}

function isPolicy({ ancestors }: PlacedElement): boolean {
  return !ancestors.some(({ name }) => contentElements.has(name));
}

/** A policy with those that stand before and behind it in the same branch. */
export type Neighbours = {
  readonly element: PolicyElement;
  readonly before: readonly PolicyElement[];
  readonly after: readonly PolicyElement[];
};

/** Of every branch, the first policy of these names, with its neighbours. */
export function firstInBranches(context: PolicyLintContext, ...names: readonly string[]): Neighbours[] {
  const branches = new Set(policiesNamed(context, ...names).map(({ ancestors }) => ancestors.at(-1)));
  return [...branches].flatMap((branch) => {
    const policies = branch === undefined ? [] : childElements(branch);
    const position = policies.findIndex(({ name }) => names.includes(name));
    const element = policies[position];
    if (element === undefined) return [];
    return [{ element, before: policies.slice(0, position), after: policies.slice(position + 1) }];
  });
}

/** All elements below, at any depth, parents first. */
export function descendants(element: PolicyElement): PolicyElement[] {
  const found: PolicyElement[] = [];
  const open = childElements(element).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    open.push(...childElements(next).reverse());
  }
  return found;
}

export function hasDescendant(element: PolicyElement, ...names: readonly string[]): boolean {
  return descendants(element).some(({ name }) => names.includes(name));
}

export function attributeOf(element: PolicyElement, name: string): PolicyAttribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name);
}

/** An element, and the value of its attribute where that was read from a text: the place of a finding. */
export function placeOf(
  element: PolicyElement,
  attribute: PolicyAttribute | undefined,
): { element: PolicyElement; range?: Range } {
  const range = attribute?.valueRange ?? attribute?.nameRange;
  return range === undefined ? { element } : { element, range };
}

/** The value of an attribute when it is a number as it stands: no expression, no placeholder. */
export function literalNumber(element: PolicyElement, name: string): number | undefined {
  const value = attributeOf(element, name)?.value.trim();
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** The value when it is final text: neither an expression nor something that is filled in later. */
export function literalText(value: string | undefined): string | undefined {
  return value === undefined || /^\s*@[({]/.test(value) || hasPlaceholder(value) ? undefined : value.trim();
}

/** The code of an expression without comments and with white space only between words. */
export function codeOf({ expression, value }: PlacedExpression): string {
  let code = "";
  let afterWord = false;
  for (const { kind, start, end } of expression.tokens) {
    if (kind === "space" || kind === "comment") continue;
    const isWord = kind === "word";
    code += (isWord && afterWord ? " " : "") + value.slice(start, end);
    afterWord = isWord;
  }
  return code;
}

/** True when part of the pipeline is in fragments, which are not read here. */
export function includesFragments(context: PolicyLintContext): boolean {
  return context.named("include-fragment").length > 0;
}

/** A change that adds an attribute after the others; undefined without a source. */
export function insertAttribute(
  { source }: PolicyLintContext,
  element: PolicyElement,
  attribute: string,
  title: string,
): Fix | undefined {
  const last = element.attributes.at(-1)?.valueRange?.end;
  const after = last === undefined ? element.nameRange?.end : pastQuote(source, last);
  return source === undefined || after === undefined
    ? undefined
    : { range: { start: after, end: after }, text: ` ${attribute}`, title };
}

function pastQuote(source: string | undefined, { offset, line, column }: Position): Position | undefined {
  const quote = source?.charAt(offset);
  return quote === '"' || quote === "'" ? { offset: offset + 1, line, column: column + 1 } : undefined;
}
