import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { samePolicy } from "../../src/core/policy/canonical.ts";
import { parsePolicyDocument } from "../../src/core/policy/parse.ts";
import { formatPolicyText } from "../../src/usecases/format-policies.ts";
import { sharedFolder } from "../support/shared-data.ts";

const corpus = sharedFolder("corpus/good");
const files = corpus === undefined ? [] : globSync("**/*.xml", { cwd: corpus }).sort();

describe.skipIf(corpus === undefined)("fmt over real documents", () => {
  it("keeps what they mean, and has nothing to do the second time", () => {
    const changed: string[] = [];
    let formatted = 0;
    for (const file of files) {
      const source = readFileSync(join(corpus ?? "", file), "utf8");
      const once = formatPolicyText(source, file);
      if (!("text" in once)) continue;
      formatted += 1;
      expect(formatPolicyText(once.text, file), file).toEqual(once);
      const before = parsePolicyDocument(source, { dialect: "auto" });
      const after = parsePolicyDocument(once.text, { dialect: "rawxml" });
      if (!before.ok || !after.ok || !samePolicy(before.document, after.document)) changed.push(file);
    }
    expect(changed).toEqual([]);
    expect(formatted).toBeGreaterThan(files.length * 0.9);
  });
});
