import type { OpenApiDocument, OpenApiOperation } from "./document.ts";

/** Operations by id: documents have thousands of them, and each is asked for by itself. */
const indexes = new WeakMap<readonly OpenApiOperation[], ReadonlyMap<string, OpenApiOperation>>();

/** The operation with that id, in its exact spelling. */
export function findOperation(document: OpenApiDocument, id: string): OpenApiOperation | undefined {
  const { operations } = document;
  let index = indexes.get(operations);
  if (index === undefined) {
    index = new Map(operations.map((operation) => [operation.id, operation]));
    indexes.set(operations, index);
  }
  return index.get(id);
}
