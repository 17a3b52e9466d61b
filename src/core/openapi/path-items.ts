import { isJsonObject, type JsonObject } from "../json.ts";

/** An operation as it stands in the document. */
export type WrittenOperation = {
  /** Lower case: the key in the path item. */
  readonly method: string;
  readonly path: string;
  readonly value: JsonObject;
};

/** `trace` came with OpenAPI 3.0; a 2.0 document that has it is read all the same, as APIM takes any method. */
const methods: ReadonlySet<string> = new Set([
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "trace",
]);

export function isMethod(key: string): boolean {
  return methods.has(key);
}

/** The paths of a document; an extension (`x-...`) among them is none. Empty when there is no usable `paths`. */
export function listPaths(root: JsonObject): readonly (readonly [path: string, item: unknown])[] {
  return isJsonObject(root["paths"])
    ? Object.entries(root["paths"]).filter(([path]) => !path.startsWith("x-"))
    : [];
}

/** Operations of a path item in the document's order. Members that are no objects are left out. */
export function listOperations(path: string, item: JsonObject): readonly WrittenOperation[] {
  return Object.entries(item).flatMap(([method, value]) =>
    isMethod(method) && isJsonObject(value) ? [{ method, path, value }] : [],
  );
}

/**
 * A path item with what its `$ref` points to (OpenAPI 3.1 has `#/components/pathItems/...`); members beside the `$ref` win.
 * Undefined when it points outside the document, at nothing, or in a circle.
 */
export function resolvePathItem(root: JsonObject, item: unknown): JsonObject | undefined {
  const seen = new Set<string>();
  let resolved = item;
  for (;;) {
    if (!isJsonObject(resolved)) return undefined;
    const { $ref: pointer, ...own } = resolved;
    if (pointer === undefined) return resolved;
    if (typeof pointer !== "string" || seen.has(pointer)) return undefined;
    seen.add(pointer);
    const target = resolvePointer(root, pointer);
    if (!isJsonObject(target)) return undefined;
    resolved = { ...target, ...own };
  }
}

/** What a `$ref` inside the document points to; undefined when it points outside, or at nothing. */
export function resolvePointer(root: JsonObject, pointer: string): unknown {
  if (!pointer.startsWith("#/")) return undefined;
  let node: unknown = root;
  for (const part of pointer.slice(2).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isJsonObject(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node;
}
