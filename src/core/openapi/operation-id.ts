import type { OpenApiOperation } from "./document.ts";
import type { WrittenOperation } from "./path-items.ts";

/** Longest name of an operation on the service. */
export const longestOperationId = 80;

/** Four less than a name may have: room for a suffix that tells duplicates apart. */
const longestNormalizedId = 76;

/** What an APIM entity id or an ARM path segment cannot hold. */
const notAName = /[*#&+:<>?%/\\\s]|^\.{1,2}$/u;

/**
 * The names that operations get on the service when the document is imported, in the order given.
 *
 * A written `operationId` stays as it is, case and underscores too (`ChatCompletions_Create`), although the page below
 * reads as if all were lower-cased: names on real services show otherwise (hashicorp/terraform-provider-azurerm#15417).
 * A missing or empty one is made from method and path, and one with characters that a name cannot hold is normalized:
 * lower case, dashes, 76 characters, then `-1`, `-2` ... on duplicates
 * (https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions, "Normalization rules for operationId").
 */
export function nameOperations(written: readonly WrittenOperation[]): readonly OpenApiOperation[] {
  const taken = new Set(
    written.map(keptOperationId).flatMap((id) => (id === undefined ? [] : [id.toLowerCase()])),
  );
  return written.map((operation) => ({
    id: keptOperationId(operation) ?? takeNormalized(operation, taken),
    method: operation.method.toUpperCase(),
    path: operation.path,
  }));
}

/** The `operationId` as written; undefined when there is none to speak of. */
export function writtenOperationId(operation: WrittenOperation): string | undefined {
  const id = operation.value["operationId"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Normalizes text to a name as APIM's import does: `GET-/foo/{bar}` gives `get-foo-bar`. */
function normalizeOperationId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-|-$/gu, "")
    .slice(0, longestNormalizedId);
}

function keptOperationId(operation: WrittenOperation): string | undefined {
  const id = writtenOperationId(operation);
  return id === undefined || notAName.test(id) ? undefined : id;
}

function takeNormalized(operation: WrittenOperation, taken: Set<string>): string {
  // An id without any letter or digit leaves nothing to name the operation by.
  const base =
    normalizeOperationId(writtenOperationId(operation) ?? "") ||
    normalizeOperationId(`${operation.method}-${operation.path}`);
  let id = base;
  for (let suffix = 1; taken.has(id); suffix += 1) id = `${base}-${suffix}`;
  taken.add(id);
  return id;
}
