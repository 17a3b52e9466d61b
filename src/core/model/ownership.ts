/**
 * Whose resource is it? Policy documents carry the mark as a comment (policy/ownership.ts); resources with a description
 * carry it at the end of that; named values, which have none, as a tag. What has neither belongs to whoever owns its parent.
 */

/** What a mark says. `openapi` is the start of the SHA-256 of the OpenAPI document that was imported. */
export type Mark = { readonly owner: string; readonly openapi?: string };

const inDescription = /\s*\[apimgw:([A-Za-z0-9._-]+)(?: openapi:([0-9a-f]+))?\]\s*$/;
const tagPrefix = "apimgw:";

/** The description with the mark at its end. */
export function markDescription(description: string | undefined, mark: Mark): string {
  const text = `[apimgw:${mark.owner}${mark.openapi === undefined ? "" : ` openapi:${mark.openapi}`}]`;
  return description === undefined || description === "" ? text : `${description} ${text}`;
}

/** Splits a description into what people wrote and the mark. */
export function readDescription(description: string): { readonly text: string; readonly mark?: Mark } {
  const match = inDescription.exec(description);
  const owner = match?.[1];
  if (match === null || owner === undefined) return { text: description };
  const openapi = match[2];
  return {
    text: description.slice(0, match.index),
    mark: openapi === undefined ? { owner } : { owner, openapi },
  };
}

export function markTag(owner: string): string {
  return `${tagPrefix}${owner}`;
}

/** The owner named by a list of tags, if one of them is a mark. */
export function ownerInTags(tags: readonly unknown[]): string | undefined {
  const tag = tags.find((item): item is string => typeof item === "string" && item.startsWith(tagPrefix));
  return tag?.slice(tagPrefix.length);
}

export function isMarkTag(tag: unknown): boolean {
  return typeof tag === "string" && tag.startsWith(tagPrefix);
}
