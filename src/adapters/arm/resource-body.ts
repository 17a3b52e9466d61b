import { ServiceFailure } from "../../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { LiveResource } from "../../core/ports.ts";
import { unreadableAnswer } from "./answer-failure.ts";
import { parseJson } from "./error-body.ts";
import type { ArmAnswer, ArmRequest } from "./exchange.ts";

/** A resource as the answer to a GET or PUT of its path; the ETag is the header's, quotes and all. */
export function liveResource(path: string, body: JsonObject, answer: ArmAnswer): LiveResource {
  const etag = answer.header("etag") ?? etagMember(body);
  return { path, body, ...(etag !== undefined && { etag }) };
}

/** The JSON body of a good answer. A policy may come as bare XML and is wrapped. Throws `SERVICE.FAILED` for anything else. */
export function resourceBody(answer: ArmAnswer, request: ArmRequest): JsonObject {
  const body = parseJson(answer.text);
  if (isJsonObject(body)) return body;
  const wrapped = wrapBareXml(answer, request.path);
  if (wrapped !== undefined) return wrapped;
  throw unreadableAnswer(answer, request, answer.text.trim() === "" ? "is empty" : "is not a JSON object");
}

/**
 * A policy or fragment that arrived as XML instead of in the JSON envelope, on GET and after PUT (Azure/apiops-cli handles both), put
 * into the envelope; undefined for anything else, such as a proxy's page.
 */
export function wrapBareXml(answer: ArmAnswer, path: string): JsonObject | undefined {
  const isPolicyPath = /(^|\/)policies\/[^/]+$|(^|\/)policyFragments\/[^/]+$/.test(path);
  const type = answer.header("content-type") ?? "";
  const isXml = /[/+]xml\b/i.test(type) && !/html/i.test(type);
  const isPolicy = /^\s*<(policies|fragment)\b/.test(answer.text);
  if (!isPolicyPath || (!isPolicy && !(isXml && answer.text.trimStart().startsWith("<")))) return undefined;
  return { properties: { value: answer.text } };
}

export type Page = { readonly items: readonly JsonObject[]; readonly nextLink: string | undefined };

/** A page of a list. Throws `SERVICE.FAILED` when it is none: that must not pass for "nothing there". */
export function pageOf(answer: ArmAnswer, request: ArmRequest): Page {
  const body = parseJson(answer.text);
  if (!isJsonObject(body)) {
    throw unreadableAnswer(answer, request, answer.text.trim() === "" ? "is empty" : "is not a JSON object");
  }
  if (!Array.isArray(body.value)) throw unreadableAnswer(answer, request, "has no list under `value`");
  const items: readonly unknown[] = body.value;
  if (!items.every(isJsonObject))
    throw unreadableAnswer(answer, request, "has items that are not JSON objects");
  const { nextLink } = body;
  return { items, nextLink: typeof nextLink === "string" && nextLink !== "" ? nextLink : undefined };
}

/** A list's item as a resource below the list's path. Items carry no ETag on the real service. */
export function listedResource(
  list: string,
  item: JsonObject,
  answer: ArmAnswer,
  request: ArmRequest,
): LiveResource {
  const name = typeof item.name === "string" && item.name !== "" ? item.name : lastSegment(item.id);
  if (name === undefined) throw unreadableAnswer(answer, request, "has an item without a name");
  const etag = etagMember(item);
  return { path: `${list}/${name}`, body: item, ...(etag !== undefined && { etag }) };
}

/** For a chain of pages that leads back to itself or never ends. */
export function endlessList(path: string): ServiceFailure {
  return new ServiceFailure("SERVICE.FAILED", `cannot read \`${path}\`: the pages of the list have no end`, {
    why: "a page links to one that was read before, or there are more pages than any service has",
  });
}

function lastSegment(id: Json | undefined): string | undefined {
  if (typeof id !== "string") return undefined;
  const segment = id.slice(id.lastIndexOf("/") + 1);
  return segment === "" ? undefined : segment;
}

function etagMember(body: JsonObject): string | undefined {
  const etag = body.etag ?? body.eTag;
  return typeof etag === "string" && etag !== "" ? etag : undefined;
}
