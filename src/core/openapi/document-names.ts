/**
 * OpenAPI documents by name, in place of a file: `azure-openai@2024-10-21`, `passthrough`. Those listed here come with
 * apimgw; a project's own folder may hold more, and wins.
 */
import { distance } from "fastest-levenshtein";
import { compareText } from "../problem.ts";

/** The documents that come with apimgw, by name; `@` stands for `-` in the name of the file. */
export const ownDocuments: readonly string[] = [
  "azure-openai@2024-02-01",
  "azure-openai@2024-10-21",
  "azure-openai@2025-03-01-preview",
  "azure-openai@v1",
  "foundry",
  "openai-compatible",
  "passthrough",
];

/** Whether `openapi` names a document rather than a file: a name has neither folders nor a file's ending. */
export function isDocumentName(openapi: string): boolean {
  if (ownDocuments.includes(openapi)) return true;
  return (
    /^[A-Za-z0-9][A-Za-z0-9_-]*@[A-Za-z0-9][A-Za-z0-9._-]*$/.test(openapi) &&
    !/\.(?:json|ya?ml)$/i.test(openapi)
  );
}

/** Name of the file that holds a document, without its ending: `azure-openai-2024-10-21`. */
export function documentFileName(name: string): string {
  return name.replace("@", "-");
}

/** The names of the documents that come with apimgw, those nearest to `name` first. */
export function nearestDocuments(name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const family = (text: string): string => text.split("@", 1)[0] ?? "";
  const rank = (known: string): number =>
    (family(known) === family(wanted) ? 0 : 1000) + distance(wanted, known);
  return [...ownDocuments].sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}
