import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ruleDocsFolder, ruleDocuments } from "../../../../scripts/rule-docs.ts";

it("docs/rules is what scripts/rule-docs.ts writes: run `npx tsx scripts/rule-docs.ts` after a change", async () => {
  const documents = await ruleDocuments();
  expect(readdirSync(ruleDocsFolder).sort()).toEqual(documents.map(({ path }) => path).sort());
  for (const { path, text } of documents) {
    expect(readFileSync(join(ruleDocsFolder, path), "utf8"), path).toBe(text);
  }
});
