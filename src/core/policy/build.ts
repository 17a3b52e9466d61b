import type {
  PolicyAttribute,
  PolicyComment,
  PolicyDocument,
  PolicyElement,
  PolicyNode,
  PolicyText,
} from "./tree.ts";

/** An element; attributes whose value is undefined are left out, and keep the order they are given in. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly PolicyNode[] = [],
): PolicyElement {
  const list: PolicyAttribute[] = [];
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) list.push({ name: attribute, value });
  }
  return { type: "element", name, attributes: list, children };
}

export function text(value: string): PolicyText {
  return { type: "text", value };
}

export function comment(value: string): PolicyComment {
  return { type: "comment", value };
}

/** `<base />`: what the next broader scope does, at this position. */
export function base(): PolicyElement {
  return element("base");
}

export function policyDocument(root: PolicyElement): PolicyDocument {
  return { before: [], root, after: [] };
}
