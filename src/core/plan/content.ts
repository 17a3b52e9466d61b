/**
 * What a resource is, as a digest that its mark carries: when the live resource has another one, it was changed since the last
 * apply, by somebody else. Secrets do not enter it.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { objectMember } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Kind, Resource } from "../model/resource.ts";
import { printForDiff } from "../policy/canonical.ts";
import { markOf, withMark, withoutMark } from "../policy/ownership.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { LiveEntry } from "./live.ts";
import type { Drift } from "./plan.ts";

/** The properties of the desired resource that are compared, normalized. */
export function desiredProperties({ kind, body }: Resource): JsonObject {
  const wanted = objectMember(body, "properties") ?? {};
  return pick(kinds[kind].normalize(wanted), kinds[kind].manages?.(wanted));
}

/** The properties of the live resource that this desired one decides, normalized. */
export function liveProperties(resource: Resource, live: LiveEntry): JsonObject {
  const wanted = objectMember(resource.body, "properties") ?? {};
  return pick(kinds[live.kind].normalize(live.properties), kinds[resource.kind].manages?.(wanted));
}

function pick(properties: JsonObject, names: readonly string[] | undefined): JsonObject {
  if (names === undefined) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** First 16 hexadecimal digits of the SHA-256 of compared properties and, for a document, its text in the normal form. */
export function contentDigest(properties: JsonObject, document: PolicyDocument | undefined): string {
  const text = document === undefined ? "" : printForDiff(withoutMark(document));
  return createHash("sha256")
    .update(`${canonicalJson(properties)}\n${text}`)
    .digest("hex")
    .slice(0, 16);
}

/** The resource as it is written: its mark, if it carries one, completed by the digest of its content. */
export function withContentDigest(resource: Resource): Resource {
  const { kind, body, document } = resource;
  const content = contentDigest(desiredProperties(resource), document);
  const owned = document === undefined ? undefined : markOf(document);
  if (document !== undefined && owned !== undefined)
    return { ...resource, document: withMark(document, { ...owned, content }) };
  const place = kinds[kind].mark;
  const properties = objectMember(body, "properties") ?? {};
  const mark = place?.read(properties);
  if (place === undefined || mark === undefined) return resource;
  return { ...resource, body: { ...body, properties: place.write(properties, { ...mark, content }) } };
}

/**
 * Who changed what differs: `service`, somebody on the service and nobody in the spec; `both`, both since the last apply. Undefined
 * when only the spec did, or when that cannot be known: the mark was written before there were digests, or the spec decides
 * other properties now than it did then.
 */
export function driftOf(resource: Resource, live: LiveEntry): Drift | undefined {
  const applied = live.mark?.content;
  if (applied === undefined || live.kind !== resource.kind) return undefined;
  if (contentDigest(liveProperties(resource, live), live.document) === applied) return undefined;
  if (contentDigest(desiredProperties(resource), resource.document) === applied) return "service";
  return kinds[resource.kind].manages === undefined ? "both" : undefined;
}

/** Whether somebody changed, since it was applied, what has left the spec meanwhile; of some kinds that cannot be known. */
export function hasDrifted({ kind, properties, document, mark }: LiveEntry): boolean {
  if (mark?.content === undefined || kinds[kind].manages !== undefined) return false;
  return contentDigest(kinds[kind].normalize(properties), document) !== mark.content;
}

/** Whether a kind can carry a digest at all. */
export function isMarkable(kind: Kind): boolean {
  return kind === "policy" || kinds[kind].mark !== undefined;
}
