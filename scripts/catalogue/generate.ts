/**
 * Writes src/core/policy/catalogue/data.ts from the facts on policies:
 *   tsx scripts/catalogue/generate.ts <folder that holds policies.json>
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { printCatalogue } from "./print-catalogue.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("usage: tsx scripts/catalogue/generate.ts <folder of policies.json>");
const target = resolve(import.meta.dirname, "../../src/core/policy/catalogue/data.ts");
writeFileSync(target, await printCatalogue(readFileSync(resolve(folder, "policies.json"), "utf8")));
