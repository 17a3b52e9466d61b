import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { armString, resourceIdCall } from "../../../src/core/export/arm/arm-value.ts";
import { bicepString, bicepTextFiles } from "../../../src/core/export/bicep/bicep-value.ts";
import { attribute, hclBlock, hclText, printHcl } from "../../../src/core/export/terraform/hcl.ts";
import { evaluateText } from "../../support/export/arm.ts";
import { readBicepString } from "../../support/export/bicep.ts";
import { readHclString } from "../../support/export/hcl.ts";
import { evaluateStrings, hasTerraform } from "../../support/export/terraform-command.ts";

/** Texts that mean something in one of the languages, in any order. */
const text = fc
  .array(
    fc.constantFrom(
      ...["[", "]", "'", '"', "\\", "$", "{", "}", "%", "\n", "\r", "\t"],
      "$${",
      "%%{",
      "${",
      "%{",
      "\\u0041",
      "''",
      "'''",
      "a",
      "ключ",
      "\u0001",
      "\u2028",
      "😀",
      "{{x}}",
      "<<EOF",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

function hclLiteral(value: string): string {
  const printed = printHcl([], [hclBlock("locals", [], [attribute("x", hclText(value))])]);
  return /x = (.*)\n/.exec(printed)?.[1] ?? "";
}

describe("a text comes back as it was", () => {
  it("from Bicep", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(readBicepString(bicepString(value))).toBe(value);
      }),
    );
  });

  it("from HCL", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(readHclString(hclLiteral(value))).toBe(value);
      }),
    );
  });

  it("from ARM", () => {
    const scope = { resourceGroupId: "", parameters: {} };
    fc.assert(
      fc.property(text, (value) => {
        expect(evaluateText(armString(value), scope)).toBe(value);
      }),
    );
  });

  it.skipIf(!hasTerraform())("from Terraform itself", () => {
    const values = fc.sample(text, { numRuns: 500, seed: 1 });
    // Terraform normalizes text to NFC, which all of these are in.
    expect(evaluateStrings(values.map(hclLiteral))).toEqual(values);
  });
});

describe("ARM's ids of what stands on the service", () => {
  const scope = {
    resourceGroupId: "/subscriptions/s/resourceGroups/g",
    parameters: { apiManagementName: "apim" },
  };

  it.each(["backends/a", "apis/a/operations/b'c", "apis", "products/p/apis/a"])("%s", (path) => {
    expect(evaluateText(`[${resourceIdCall(path)}]`, scope)).toBe(
      `${scope.resourceGroupId}/providers/Microsoft.ApiManagement/service/apim/${path}`,
    );
  });
});

describe("texts that Bicep cannot load at once", () => {
  it.each([
    ["exactly what it takes", "a".repeat(131_072), 1],
    ["one character more", "a".repeat(131_073), 2],
    ["a pair of surrogates at the seam", `${"a".repeat(131_071)}😀${"b".repeat(131_072)}`, 3],
  ])("%s", (_, value, count) => {
    const files = bicepTextFiles({ path: "openapi/a.b.json", text: value });
    expect(files).toHaveLength(count);
    expect(files.map((file) => file.text).join("")).toBe(value);
    // As they are read from disk.
    expect(files.map((file) => Buffer.from(file.text).toString("utf8")).join("")).toBe(value);
    if (count > 1) expect(files[0]?.path).toBe("openapi/a.b.part1.json");
  });
});
