/** Whether an operation takes its body as a form with parts, as uploads of files do. */
import { isJsonObject, type JsonObject } from "../json.ts";
import { resolvePointer, type WrittenOperation } from "./path-items.ts";

/** True when `multipart/...` is all that the operation takes, in OpenAPI 2.0 or 3. */
export function takesForm(root: JsonObject, { value }: WrittenOperation): boolean {
  const types = mediaTypes(root, value);
  return types.length > 0 && types.every((type) => /^multipart\//i.test(type));
}

function mediaTypes(root: JsonObject, operation: JsonObject): readonly string[] {
  const body = resolved(root, operation["requestBody"]);
  if (body !== undefined) return isJsonObject(body["content"]) ? Object.keys(body["content"]) : [];
  const consumes = operation["consumes"] ?? (root["swagger"] === undefined ? undefined : root["consumes"]);
  return Array.isArray(consumes) ? consumes.filter((type): type is string => typeof type === "string") : [];
}

function resolved(root: JsonObject, value: unknown): JsonObject | undefined {
  const pointer = isJsonObject(value) ? value["$ref"] : undefined;
  const target = typeof pointer === "string" ? resolvePointer(root, pointer) : value;
  return isJsonObject(target) ? target : undefined;
}
