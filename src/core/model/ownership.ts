/**
 * Whose resource is it? Policy documents carry the mark as a comment (policy/ownership.ts); resources with a description
 * carry it at the end of that; named values, which have none, as tags. What has neither belongs to whoever owns its parent.
 */
import type { Json, JsonObject } from "../json.ts";

/** What a mark says. */
export type Mark = {
  readonly owner: string;
  /** The start of the SHA-256 of the OpenAPI document that was imported. */
  readonly openapi?: string;
  /** The digest of what was applied last (plan/content.ts): a resource with another content was changed by somebody else. */
  readonly content?: string;
  /** It is not deleted, whatever the spec says, until the spec has given up the protection. */
  readonly isProtected?: true;
};

/** Where a kind of resource carries its mark. */
export type MarkPlace = {
  /** The mark in `properties`, if there is one. */
  readonly read: (properties: JsonObject) => Mark | undefined;
  /** The properties with this mark in place of any other. */
  readonly write: (properties: JsonObject, mark: Mark) => JsonObject;
};

export const markInDescription: MarkPlace = {
  read: ({ description }) =>
    typeof description === "string" ? readDescription(description).mark : undefined,
  write: (properties, mark) => {
    const { description } = properties;
    const text = typeof description === "string" ? readDescription(description).text : undefined;
    return { ...properties, description: markDescription(text, mark) };
  },
};

export const markInTags: MarkPlace = {
  read: ({ tags }) => readTags(jsonList(tags)),
  write: (properties, mark) => {
    const others = jsonList(properties.tags).filter((tag) => !isMarkTag(tag));
    return { ...properties, tags: [...others, ...markTags(mark)] };
  },
};

/** The mark of a resource of this owner, as it is before its content is known. */
export function newMark(owner: string, isProtected: boolean | undefined): Mark {
  return isProtected === true ? { owner, isProtected } : { owner };
}

const inDescription =
  /\s*\[apimgw:([A-Za-z0-9._-]+)(?: openapi:([0-9a-f]+))?(?: content:([0-9a-f]+))?( protected)?\]\s*$/;

/** The description with the mark at its end. */
export function markDescription(description: string | undefined, mark: Mark): string {
  const { owner, openapi, content, isProtected } = mark;
  const parts = [
    `apimgw:${owner}`,
    ...(openapi === undefined ? [] : [`openapi:${openapi}`]),
    ...(content === undefined ? [] : [`content:${content}`]),
    ...(isProtected === true ? ["protected"] : []),
  ];
  const text = `[${parts.join(" ")}]`;
  return description === undefined || description === "" ? text : `${description} ${text}`;
}

/** Splits a description into what people wrote and the mark. */
export function readDescription(description: string): { readonly text: string; readonly mark?: Mark } {
  const match = inDescription.exec(description);
  const owner = match?.[1];
  if (match === null || owner === undefined) return { text: description };
  const [openapi, content, isProtected] = match.slice(2);
  return {
    text: description.slice(0, match.index),
    mark: {
      owner,
      ...(openapi === undefined ? {} : { openapi }),
      ...(content === undefined ? {} : { content }),
      ...(isProtected === undefined ? {} : { isProtected: true }),
    },
  };
}

/** What a description says to people, and whether its mark protects the resource: both are compared. */
export function comparedDescription({ description }: JsonObject): JsonObject {
  const { text, mark } = readDescription(typeof description === "string" ? description : "");
  return {
    ...(text === "" ? {} : { description: text }),
    ...(mark?.isProtected === true ? { protected: true } : {}),
  };
}

const ownerTag = "apimgw:";
const contentTag = "apimgw-content:";
const protectedTag = "apimgw-protected";

export function markTags({ owner, content, isProtected }: Mark): string[] {
  return [
    `${ownerTag}${owner}`,
    ...(content === undefined ? [] : [`${contentTag}${content}`]),
    ...(isProtected === true ? [protectedTag] : []),
  ];
}

export function isMarkTag(tag: unknown): boolean {
  if (typeof tag !== "string") return false;
  return tag.startsWith(ownerTag) || tag.startsWith(contentTag) || tag === protectedTag;
}

function readTags(tags: readonly Json[]): Mark | undefined {
  const after = (prefix: string): string | undefined => {
    const tag = tags.find((item): item is string => typeof item === "string" && item.startsWith(prefix));
    return tag?.slice(prefix.length);
  };
  const owner = after(ownerTag);
  if (owner === undefined) return undefined;
  const content = after(contentTag);
  return {
    owner,
    ...(content === undefined ? {} : { content }),
    ...(tags.includes(protectedTag) ? { isProtected: true } : {}),
  };
}

function jsonList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value.map((item: Json) => item) : [];
}

/** What people wrote as the description of a resource; undefined when that is nothing. */
export function writtenDescription({ description }: JsonObject): string | undefined {
  const text = typeof description === "string" ? readDescription(description).text : "";
  return text === "" ? undefined : text;
}
