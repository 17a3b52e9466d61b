import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPolicy, printForDiff, samePolicy } from "../../../src/core/policy/canonical.ts";
import { expressionOf, scanExpression } from "../../../src/core/policy/expression/scan.ts";
import {
  parsePolicyDocument,
  parsePolicyNodes,
  type PolicyParseProblem,
} from "../../../src/core/policy/parse.ts";
import { printPolicyDocument, printPolicyNodes } from "../../../src/core/policy/print.ts";
import type { PolicyNode, Range } from "../../../src/core/policy/tree.ts";
import {
  damagedDocumentArbitrary,
  documentArbitrary,
  documentTextArbitrary,
  parsed,
  plain,
} from "./support.ts";

const dialects = ["xml", "rawxml"] as const;
const runs = { numRuns: 400 };

describe("whatever is read", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    damagedDocumentArbitrary,
    documentTextArbitrary,
    documentTextArbitrary.map((inner) => `<a>${inner}</a>`),
  );

  it.each(["xml", "rawxml", "auto"] as const)(
    "%s: never crashes, and all positions are inside the text",
    (dialect) => {
      fc.assert(
        fc.property(text, (source) => {
          const document = parsePolicyDocument(source, { dialect });
          if (document.ok) checkNodes([...document.document.before, document.document.root], source);
          else checkProblems(document.problems, source);
          const piece = parsePolicyNodes(source, { dialect });
          if (piece.ok) checkNodes(piece.nodes, source);
          else checkProblems(piece.problems, source);
        }),
        { numRuns: 1500 },
      );
    },
  );

  it("prints what it has read so that it is read again", () => {
    fc.assert(
      fc.property(text, (source) => {
        const piece = parsePolicyNodes(source, { dialect: "auto" });
        if (!piece.ok) return;
        for (const dialect of dialects) {
          const printed = printPolicyNodes(piece.nodes, { dialect });
          const again = parsePolicyNodes(printed, { dialect });
          expect(again.ok, printed).toBe(true);
          if (again.ok) expect(plain(again.nodes)).toEqual(plain(piece.nodes));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("scans any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), documentTextArbitrary), fc.constantFrom("@(", "@{"), (code, open) => {
        const source = open + code;
        const scanned = scanExpression(source, 0);
        const offset = "error" in scanned ? scanned.offset : scanned.end;
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(source.length);
        if (!("error" in scanned)) expect(expressionOf(source.slice(0, scanned.end))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(dialects)("random trees in %s", (dialect) => {
  it("come back from text", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        const printed = printPolicyDocument(document, { dialect });
        expect(plain(parsed(printed, dialect))).toEqual(plain(document));
        expect(printPolicyDocument(parsed(printed, dialect), { dialect })).toBe(printed);
      }),
      runs,
    );
  });

  it("mean the same afterwards", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        const again = parsed(printPolicyDocument(document, { dialect }), dialect);
        expect(samePolicy(document, again)).toBe(true);
        expect(printForDiff(again)).toBe(printForDiff(document));
        const canonical = canonicalPolicy(document);
        expect(canonicalPolicy(canonical)).toEqual(canonical);
      }),
      runs,
    );
  });
});

function checkProblems(problems: readonly PolicyParseProblem[], source: string): void {
  expect(problems.length).toBeGreaterThan(0);
  for (const { message, range } of problems) {
    expect(message).not.toBe("");
    checkRange(range, source);
  }
}

function checkNodes(nodes: readonly PolicyNode[], source: string): void {
  for (const node of nodes) {
    checkRange(node.range, source);
    if (node.type !== "element") continue;
    expect(source.slice(node.nameRange!.start.offset, node.nameRange!.end.offset)).toBe(node.name);
    for (const attribute of node.attributes) {
      checkRange(attribute.valueRange, source);
      expect(source.slice(attribute.nameRange!.start.offset, attribute.nameRange!.end.offset)).toBe(
        attribute.name,
      );
    }
    checkNodes(node.children, source);
  }
}

function checkRange(range: Range | undefined, source: string): void {
  expect(range).toBeDefined();
  const { start, end } = range!;
  expect(start.offset >= 0 && start.offset <= end.offset && end.offset <= source.length).toBe(true);
  expect(start.line >= 1 && start.column >= 1 && end.line >= start.line).toBe(true);
}
