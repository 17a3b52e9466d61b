import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { specRules } from "../../../src/core/spec/rules.ts";
import { brokenSpecsFolder, parseBroken, readBrokenSpecs } from "./broken-specs.ts";

const specs = readBrokenSpecs();

describe("broken specs", () => {
  it.each(specs)("$name", (spec) => {
    const { parsed, problems } = parseBroken(spec);
    const expected: unknown = JSON.parse(
      readFileSync(join(brokenSpecsFolder, `${spec.name}.expected.json`), "utf8"),
    );
    const found = problems.map(({ rule, at: { line, column }, message, help }) => {
      return { rule, line, column, message, ...(help === undefined ? {} : { help }) };
    });
    expect(found).toEqual(expected);
    expect(parsed).toBeUndefined();
  });

  it("show every rule at work", () => {
    const shown = new Set(specs.flatMap((spec) => parseBroken(spec).problems.map(({ rule }) => rule)));
    expect(Object.keys(specRules).filter((rule) => !shown.has(rule))).toEqual([]);
  });

  it("are all errors of a known rule, in the order of the file", () => {
    for (const spec of specs) {
      const { problems } = parseBroken(spec);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.filter(({ rule }) => !Object.hasOwn(specRules, rule))).toEqual([]);
      expect(problems.filter(({ severity }) => severity !== "error")).toEqual([]);
      const lines = problems.map(({ at }) => at.line);
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
    }
  });
});
