/**
 * A place in a document that was sent → the element of the tree that it was printed from. The printed text is read again for
 * its places, and walked side by side with the tree.
 */
import { decodeRun, indexInRun } from "../policy/decoded-run.ts";
import { expressionOf } from "../policy/expression/scan.ts";
import { parsePolicyDocument } from "../policy/parse.ts";
import { LineIndex } from "../policy/positions.ts";
import { printPolicyDocument } from "../policy/print.ts";
import { policyReferences } from "../policy/references.ts";
import { childElements } from "../policy/tree.ts";
import type { PolicyAttribute, PolicyDocument, PolicyElement, PolicyText, Range } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { ErrorClues, TextPosition } from "./error-clues.ts";

/** An element of the tree, what it stands in (outermost first), and what in it is meant, where that is known. */
export type FoundElement = {
  readonly element: PolicyElement;
  readonly ancestors: readonly PolicyElement[];
  /** An attribute or a text of the element. */
  readonly part?: PolicyAttribute | PolicyText;
  /** UTF-16 units into the part's value. */
  readonly offset?: number;
};

/** Undefined when the clues fit no element, or several. */
export function findByClues(document: PolicyDocument, clues: ErrorClues): FoundElement | undefined {
  const elements = listElements(document.root);
  const byPosition = clues.position === undefined ? undefined : findAt(document, elements, clues);
  const found = quotedInstead(elements, byPosition, clues) ?? byPosition ?? findByName(elements, clues);
  return found === undefined || found.part !== undefined ? found : withPart(found, clues);
}

type Listed = { readonly element: PolicyElement; readonly ancestors: readonly PolicyElement[] };

function listElements(root: PolicyElement): Listed[] {
  const listed: Listed[] = [];
  walkElements(root, (element, ancestors) => listed.push({ element, ancestors: [...ancestors] }));
  return listed;
}

/**
 * The only element of that name which has a quoted id, when the one at the position has none of them: the service counts lines
 * after it has put in the named values, which may hold several.
 */
function quotedInstead(
  elements: readonly Listed[],
  found: FoundElement | undefined,
  { quoted }: ErrorClues,
): FoundElement | undefined {
  if (found === undefined) return undefined;
  const isQuoted = ({ element }: Listed): boolean =>
    element.attributes.some(({ value }) => quoted.includes(value));
  const others = elements.filter((other) => other.element.name === found.element.name && isQuoted(other));
  return others.length === 1 && !isQuoted(found) ? others[0] : undefined;
}

function findAt(
  document: PolicyDocument,
  elements: readonly Listed[],
  { position, element: name }: ErrorClues,
): FoundElement | undefined {
  if (position === undefined) return undefined;
  const text = printPolicyDocument(document, { dialect: "xml" });
  const read = parsePolicyDocument(text, { dialect: "xml" });
  if (!read.ok) return undefined;
  const printed = listElements(read.document.root);
  if (printed.length !== elements.length) return undefined;
  const index = innermostAt(printed, position, name);
  const [found, original] = [printed[index]?.element, elements[index]];
  if (found === undefined || original === undefined || found.name !== original.element.name) return undefined;
  return { ...original, ...partAt(found, original.element, text, position) };
}

/** The element whose name stands there; else the innermost around the place, which must have the name if one is known. */
function innermostAt(printed: readonly Listed[], at: TextPosition, name: string | undefined): number {
  const named = printed.findIndex(({ element: { nameRange } }) => isSame(nameRange?.start, at));
  const index = named === -1 ? printed.findLastIndex(({ element }) => holds(element.range, at)) : named;
  const isNamed = printed.some(({ element }) => element.name === name);
  return !isNamed || printed[index]?.element.name === name ? index : -1;
}

function isSame(a: TextPosition | undefined, b: TextPosition): boolean {
  return a?.line === b.line && a.column === b.column;
}

function holds(range: Range | undefined, at: TextPosition): boolean {
  return range !== undefined && !isBefore(at, range.start) && isBefore(at, range.end);
}

function isBefore(a: TextPosition, b: TextPosition): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/** The attribute that the place lies in, and how far into its value. */
function partAt(
  printed: PolicyElement,
  original: PolicyElement,
  text: string,
  at: TextPosition,
): Pick<FoundElement, "part" | "offset"> {
  const found = printed.attributes.find(({ valueRange }) => holds(valueRange, at));
  const part = original.attributes.find(({ name }) => name === found?.name);
  const range = found?.valueRange;
  if (part === undefined || range === undefined) return {};
  const run = decodeRun(text, range.start.offset, range.end.offset);
  return { part, offset: indexInRun(run, new LineIndex(text).offset(at)) };
}

function findByName(
  elements: readonly Listed[],
  { element: name, namedValue, quoted }: ErrorClues,
): FoundElement | undefined {
  if (namedValue !== undefined) return elements.find(({ element }) => namesValue(element, namedValue));
  const named = elements.filter(({ element }) => element.name === name);
  if (named.length === 1) return named[0];
  const quoting = elements.filter(({ element }) => quoted.some((text) => valueWith(element, text)));
  return quoting.length === 1 ? quoting[0] : undefined;
}

/** Whether the element itself, not one inside of it, refers to the named value. */
function namesValue(element: PolicyElement, name: string): boolean {
  const alone = { ...element, children: element.children.filter(({ type }) => type === "text") };
  return policyReferences(alone).some(
    (reference) => reference.kind === "namedValue" && reference.name === name,
  );
}

/** An id that is the whole value, or a name that stands in C#. */
function valueWith(element: PolicyElement, text: string): boolean {
  return parts(element).some(
    ({ value }) => value === text || expressionOf(value)?.code.includes(text) === true,
  );
}

function parts(element: PolicyElement): (PolicyAttribute | PolicyText)[] {
  return [...element.attributes, ...element.children.filter((node) => node.type === "text")];
}

/** The same with what in the element is meant: the attribute named, the value quoted, the one expression. */
function withPart(found: Listed, clues: ErrorClues): FoundElement {
  const part = parts(found.element).find((candidate) => isMeant(candidate, clues));
  return part === undefined ? withExpression(found, clues) : { ...found, part };
}

function isMeant(part: PolicyAttribute | PolicyText, { attribute, namedValue, quoted }: ErrorClues): boolean {
  if (attribute !== undefined) return "name" in part && part.name === attribute;
  if (namedValue !== undefined) return part.value.includes(`{{${namedValue}}}`);
  return quoted.includes(part.value);
}

/** The compiler is only told of one expression; where the element has several, nobody can say which. */
function withExpression(found: Listed, { codePosition }: ErrorClues): FoundElement {
  const { element, ancestors } = found;
  const below = childElements(element).map((child) => ({
    element: child,
    ancestors: [...ancestors, element],
  }));
  const owners = [found, ...(element.name === "choose" ? below : [])];
  const [only, ...others] = owners.flatMap((owner) =>
    parts(owner.element).flatMap((part) => {
      const code = expressionOf(part.value);
      return code === undefined ? [] : [{ owner, part, code }];
    }),
  );
  if (only === undefined || others.length > 0) return found;
  const start = only.code.codeOffset;
  const offset =
    codePosition === undefined ? undefined : start + new LineIndex(only.code.code).offset(codePosition);
  return { ...only.owner, part: only.part, ...(offset === undefined ? {} : { offset }) };
}
