import { comment } from "./build.ts";
import type { PolicyComment, PolicyDocument, PolicyNode } from "./tree.ts";

/**
 * The mark of a policy document: a comment as the first child of its root, which the service keeps. Names match
 * `[A-Za-z0-9._-]+`; since no comment can hold `--`, a hyphen that follows one is written `%2D`.
 */

const mark = /^\s*Managed by apimgw, spec "([A-Za-z0-9._%-]+)"\./;

/** The document with this owner's mark, in place of any other. */
export function withMark(document: PolicyDocument, name: string): PolicyDocument {
  const written = name.replace(/(?<=-)-/g, "%2D");
  const text = ` Managed by apimgw, spec "${written}". The next apply overwrites changes made here. `;
  return withChildren(document, [comment(text), ...unmarked(document)]);
}

/** The owner that the mark names; undefined when there is none. */
export function markOf(document: PolicyDocument): string | undefined {
  for (const node of document.root.children) {
    const owner = node.type === "comment" ? mark.exec(node.value)?.[1] : undefined;
    if (owner !== undefined) return owner.replaceAll("%2D", "-");
  }
  return undefined;
}

export function withoutMark(document: PolicyDocument): PolicyDocument {
  return withChildren(document, unmarked(document));
}

function unmarked(document: PolicyDocument): PolicyNode[] {
  return document.root.children.filter((node) => node.type !== "comment" || !isMark(node));
}

function isMark(node: PolicyComment): boolean {
  return mark.test(node.value);
}

function withChildren(document: PolicyDocument, children: readonly PolicyNode[]): PolicyDocument {
  return { ...document, root: { ...document.root, children } };
}
