/**
 * Writes docs/schemas, the JSON Schemas of what the commands print: `tsx scripts/output-schemas.ts`.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { outputJsonSchema, outputNames } from "../src/report/json-schemas.ts";

export const outputSchemasFolder = resolve(import.meta.dirname, "../docs/schemas");

/** Texts by file name. */
export function outputSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    outputNames.map((name) => [
      `${name}.schema.json`,
      `${JSON.stringify(outputJsonSchema(name), undefined, 2)}\n`,
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, text] of outputSchemaFiles()) writeFileSync(join(outputSchemasFolder, name), text);
}
