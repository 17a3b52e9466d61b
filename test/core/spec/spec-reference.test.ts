import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { specReference, specReferenceFile } from "../../../scripts/spec-reference.ts";

it("docs/spec.md is what scripts/spec-reference.ts writes from the schema", () => {
  expect(readFileSync(specReferenceFile, "utf8")).toBe(specReference());
});
