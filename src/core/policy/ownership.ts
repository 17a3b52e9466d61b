import { comment } from "./build.ts";
import type { PolicyComment, PolicyDocument, PolicyNode } from "./tree.ts";

/**
 * The mark of a policy document: a comment as the first child of its root, which the service keeps. Names match
 * `[A-Za-z0-9._-]+`; since no comment can hold `--`, a hyphen that follows one is written `%2D`.
 */
export type DocumentMark = {
  readonly owner: string;
  /** The digest of what was applied last (plan/content.ts). */
  readonly content?: string;
};

const mark = /^\s*Managed by apimgw, spec "([A-Za-z0-9._%-]+)"(?:, content ([0-9a-f]+))?\./;

/** The document with this mark, in place of any other. */
export function withMark(document: PolicyDocument, { owner, content }: DocumentMark): PolicyDocument {
  const written = owner.replace(/(?<=-)-/g, "%2D");
  const digest = content === undefined ? "" : `, content ${content}`;
  const text = ` Managed by apimgw, spec "${written}"${digest}. The next apply overwrites changes made here. `;
  return withChildren(document, [comment(text), ...unmarked(document)]);
}

/** The mark of a document; undefined when there is none. */
export function markOf(document: PolicyDocument): DocumentMark | undefined {
  for (const node of document.root.children) {
    const found = node.type === "comment" ? mark.exec(node.value) : null;
    const [, owner, content] = found ?? [];
    if (owner === undefined) continue;
    return {
      owner: owner.replaceAll("%2D", "-"),
      ...(content === undefined ? {} : { content }),
    };
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
