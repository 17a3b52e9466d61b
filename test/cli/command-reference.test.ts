import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandReference, commandReferenceFile } from "../../scripts/command-reference.ts";

it("docs/commands.md is current: run `npx tsx scripts/command-reference.ts` after a change", () => {
  expect(readFileSync(commandReferenceFile, "utf8")).toBe(commandReference());
});
