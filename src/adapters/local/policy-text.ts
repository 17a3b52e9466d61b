/** The only place that reads policy documents: from the text of a PUT to what is kept and what it refers to. */
import { namedValueNames } from "../../core/policy/references.ts";
import { parsePolicyDocument } from "../../core/policy/parse.ts";
import type { PolicyDialect, PolicyDocument, PolicyElement, PolicyNode } from "../../core/policy/tree.ts";
import { childElements } from "../../core/policy/tree.ts";
import { describeXmlFault } from "./xml-fault.ts";

/** The document, or what the service's XML reader says about the text. */
export type PolicyReading =
  { readonly ok: true; readonly document: PolicyDocument } | { readonly ok: false; readonly message: string };

export function readPolicyText(source: string, dialect: PolicyDialect): PolicyReading {
  const fault = dialect === "xml" ? describeXmlFault(source) : undefined;
  if (fault !== undefined) return { ok: false, message: fault };
  const parsed = parsePolicyDocument(source, { dialect });
  if (parsed.ok) return { ok: true, document: parsed.document };
  const first = parsed.problems[0];
  if (first === undefined) return { ok: false, message: "Root element is missing." };
  const { line, column } = first.range.start;
  return { ok: false, message: `${first.message} Line ${line}, position ${column}.` };
}

/** An element and what it stands in, outermost first. */
export type Visit = { readonly element: PolicyElement; readonly ancestors: readonly PolicyElement[] };

/** The element and all elements in it, in document order. */
export function visitElements(root: PolicyElement): Visit[] {
  const visits: Visit[] = [];
  const visit = (element: PolicyElement, ancestors: readonly PolicyElement[]): void => {
    visits.push({ element, ancestors });
    for (const child of childElements(element)) visit(child, [...ancestors, element]);
  };
  visit(root, []);
  return visits;
}

/** `line 4, column 10`: where the name of an element stands in the text that was sent. */
export function placeOf(element: PolicyElement): string {
  const start = element.nameRange?.start;
  return `line ${start?.line ?? 1}, column ${start?.column ?? 1}`;
}

/** Display names of the named values that an element's own attributes and texts refer to. */
export function ownNamedValues(element: PolicyElement): string[] {
  const texts = element.children.flatMap((node: PolicyNode) => (node.type === "text" ? [node.value] : []));
  return [...element.attributes.map(({ value }) => value), ...texts].flatMap(namedValueNames);
}

/** True when an expression or a named value decides: the service looks up literal ids only. */
export function isComputed(value: string): boolean {
  return value.trimStart().startsWith("@") || value.includes("{{");
}
