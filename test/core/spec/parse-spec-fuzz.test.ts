import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { specRules } from "../../../src/core/spec/rules.ts";
import { parseSpec, type SpecResult } from "../../../src/core/spec/parse-spec.ts";
import { readBrokenSpecs } from "./broken-specs.ts";

const good = join(import.meta.dirname, "good");
const texts = [
  ...readdirSync(good).map((file) => readFileSync(join(good, file), "utf8")),
  ...readBrokenSpecs().map(({ text }) => text),
];

const snippets = [
  ..."{ } [ ] : , - # & * ! | > ' \" % @ ` ? ~ $".split(" "),
  " ",
  "\n",
  "\t",
  "\r",
  ": ",
  "- ",
  "\n  ",
  "\n- ",
  "? ",
  "<<: *a",
  "&a ",
  "*a",
  "!!str ",
  "!x ",
  "|\n",
  ">-\n",
  "---\n",
  "...\n",
  "%TAG ! x\n",
  "${A}",
  "${A:-b}",
  "$${A}",
  "${",
  "null",
  "true",
  "1e3",
  ".inf",
  "0x1F",
  "\u2028",
  "\uFEFF",
  "\uD800",
  "\0",
  "é",
  "😀",
  "__proto__: 1\n",
  "environments:\n",
  "  prod:\n",
  "retry: true",
  "circuitBreaker: {}",
];

/** A text with pieces cut out, put in, or taken from elsewhere. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...snippets, "")), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((changed, [position, cut, put]) => {
      const at = position % (changed.length + 1);
      return changed.slice(0, at) + put + changed.slice(at + cut);
    }, text),
  );

const yamlLike = fc.array(fc.constantFrom(...snippets, "a", "b: ", "backends:\n", "  aoai:\n"), {
  maxLength: 60,
});

function parse(text: string, environment?: string): SpecResult {
  const variables = { A: "3", SET: "x", AZURE_SUBSCRIPTION_ID: "00000000-0000-0000-0000-000000000001" };
  return parseSpec(text, {
    file: "f.yaml",
    variables,
    ...(environment === undefined ? {} : { environment }),
  });
}

/** Problems or a spec, never both or neither; every place in the file; every pointer of the spec locatable. */
function check(text: string): void {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n?|\n/);
  for (const result of [parse(text), parse(text, "prod")]) {
    expect(result.parsed === undefined).toBe(result.problems.length > 0);
    for (const { rule, at, message } of result.problems) {
      expect(Object.hasOwn(specRules, rule)).toBe(true);
      expect(message).not.toMatch(/undefined|\[object|Invalid input|NaN/);
      expectInside(at, lines);
    }
    if (result.parsed) expectInside(result.parsed.source.locateWithin("/service/name", 2), lines);
  }
}

type Place = { line: number; column: number; endLine?: number; endColumn?: number };

function expectInside({ line, column, endLine = 0, endColumn = 0 }: Place, lines: readonly string[]): void {
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
  expect(endColumn).toBeLessThanOrEqual((lines[endLine - 1]?.length ?? -1) + 1);
  expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
}

describe("parseSpec on anything", () => {
  it("takes arbitrary text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), check), { numRuns: 500 });
  });

  it("takes what looks like YAML", () => {
    const text = yamlLike.map((pieces) => pieces.join(""));
    fc.assert(fc.property(text, check), { numRuns: 1500 });
  });

  it("takes mutated specs", () => {
    fc.assert(fc.property(mutated, check), { numRuns: 1500 });
  });

  it.each(["", "\r\n", "\r", "\r\nnull environments:\n\n", "a: |\r\n", "- ", "?", "${", "a: ${"])(
    "takes %j",
    (text) => {
      check(text);
    },
  );

  it.each(["[", "{a: ", "- ", "? ", "a:\n"])("takes %j nested 20,000 deep", (opening) => {
    check(opening.repeat(20_000));
  });
});
