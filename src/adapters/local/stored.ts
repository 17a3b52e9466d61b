import { randomBytes } from "node:crypto";
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";

/** One resource as it is kept. */
export type Stored = {
  /** ARM path below the service in the case it was created with: `apis/azure-openai/operations/Chat`. */
  readonly path: string;
  /** Quoted, new with every write. */
  readonly etag: string;
  /** With defaults filled in; what GET returns comes from here. */
  readonly properties: JsonObject;
  /** What is never returned: values of secret named values, the document that an API was imported from. */
  readonly secrets?: JsonObject;
  /** Keys of the resources this one cannot do without. */
  readonly uses: readonly string[];
};

/** ARM paths are case-insensitive: the form under which a path is looked up. */
export function keyOf(path: string): string {
  return path.toLowerCase();
}

/** The last segment: the resource's name. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path without its last segment: of a resource its collection, of a collection its parent. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A strong ETag in the form of the service's own. */
export function newEtag(): string {
  return `"${randomBytes(8).toString("base64")}"`;
}

export function isStored(value: unknown): value is Stored & JsonObject {
  return (
    isJsonObject(value) &&
    typeof value["path"] === "string" &&
    typeof value["etag"] === "string" &&
    isJsonObject(value["properties"]) &&
    (value["secrets"] === undefined || isJsonObject(value["secrets"])) &&
    isTextList(value["uses"])
  );
}

function isTextList(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item: unknown) => typeof item === "string");
}
