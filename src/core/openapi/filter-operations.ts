import { isJsonObject, type JsonObject } from "../json.ts";
import type { OpenApiDocument, OpenApiOperation } from "./document.ts";
import { isMethod, resolvePathItem } from "./path-items.ts";

/**
 * The same document with only the operations whose id on the service is in `keep` (upper and lower case make no difference).
 * Paths left without an operation go; what stands beside the operations of a path (its parameters) stays, and so does all
 * the rest. An id that is not written in the document is written into it: made from method and path with others gone,
 * `get-foo-1` would become `get-foo`.
 */
export function filterOperations(document: OpenApiDocument, keep: ReadonlySet<string>): OpenApiDocument {
  const wanted = new Set([...keep].map((id) => id.toLowerCase()));
  const operations = document.operations.filter(({ id }) => wanted.has(id.toLowerCase()));
  const root: unknown = JSON.parse(document.json);
  if (!isJsonObject(root)) throw new TypeError("an OpenAPI document is an object");
  const json = JSON.stringify({ ...root, paths: keepPaths(root, operations) });
  return { ...document, operations, json };
}

function keepPaths(root: JsonObject, operations: readonly OpenApiOperation[]): JsonObject {
  const idOf = new Map(operations.map(({ method, path, id }) => [`${method} ${path}`, id]));
  const paths = isJsonObject(root["paths"]) ? root["paths"] : {};
  const kept = Object.entries(paths).flatMap(([path, item]) => {
    if (path.startsWith("x-")) return [[path, item] as const];
    const filtered = keepMembers(resolvePathItem(root, item) ?? {}, (method) =>
      idOf.get(`${method.toUpperCase()} ${path}`),
    );
    return filtered === undefined ? [] : [[path, filtered] as const];
  });
  return Object.fromEntries(kept);
}

function keepMembers(item: JsonObject, idOf: (method: string) => string | undefined): JsonObject | undefined {
  let count = 0;
  const members = Object.entries(item).flatMap(([key, value]) => {
    if (!isMethod(key)) return [[key, value] as const];
    const id = idOf(key);
    if (id === undefined || !isJsonObject(value)) return [];
    count += 1;
    return [[key, value["operationId"] === id ? value : { ...value, operationId: id }] as const];
  });
  return count === 0 ? undefined : Object.fromEntries(members);
}
