/** Writes templates/openapi/*.json from the tables beside this file: `npx tsx scripts/openapi/generate.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { renderDocuments } from "./documents.ts";

const folder = resolve(import.meta.dirname, "../../templates/openapi");

mkdirSync(folder, { recursive: true });
for (const [name, text] of renderDocuments()) writeFileSync(join(folder, name), text);
