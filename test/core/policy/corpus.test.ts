import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { printForDiff, samePolicy } from "../../../src/core/policy/canonical.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { parsed, plain } from "./support.ts";

const corpus = resolve(import.meta.dirname, "../../../../shared/corpus");
const isThere = existsSync(corpus);
if (!isThere) console.warn(`No policy corpus at ${corpus}: its tests are skipped.`);

type GoodFile = { readonly file: string; readonly suspectBasis?: string };
type BadCase = { readonly id: string; readonly xml?: string; readonly format?: "xml" | "rawxml" };

function goodFiles(): { name: string; text: string; isSuspectSyntax: boolean }[] {
  const good = resolve(corpus, "good");
  if (!isThere) return [];
  return readdirSync(good).flatMap((folder) => {
    const index: unknown = JSON.parse(readFileSync(resolve(good, folder, "index.json"), "utf8"));
    return listOf<GoodFile>(index, "files").map(({ file, suspectBasis }) => ({
      name: `${folder}/${file}`,
      text: readFileSync(resolve(good, folder, file), "utf8"),
      isSuspectSyntax: suspectBasis === "syntax",
    }));
  });
}

function listOf<T>(value: unknown, key: string): T[] {
  return (Array.isArray(value) ? value : (value as Record<string, unknown>)[key]) as T[];
}

describe.skipIf(!isThere)("documents in use", () => {
  it("are read, printed and read again in both dialects", () => {
    for (const { name, text, isSuspectSyntax } of goodFiles()) {
      const result = parsePolicyDocument(text, { dialect: "auto" });
      if (!result.ok) {
        expect(isSuspectSyntax, name).toBe(true);
        const offset = result.problems[0]?.range.start.offset ?? -1;
        expect(offset >= 0 && offset < text.length, name).toBe(true);
        continue;
      }
      for (const dialect of ["xml", "rawxml"] as const) {
        const printed = printPolicyDocument(result.document, { dialect });
        const again = parsed(printed, dialect);
        expect(plain(again), name).toEqual(plain(result.document));
        expect(printPolicyDocument(again, { dialect }), name).toBe(printed);
        expect(samePolicy(again, result.document), name).toBe(true);
        expect(printForDiff(again), name).toBe(printForDiff(result.document));
      }
    }
  });

  it("read as rawxml give what they give as xml, where they are both", () => {
    for (const { name, text } of goodFiles()) {
      const result = parsePolicyDocument(text, { dialect: "xml" });
      if (result.ok) expect(plain(parsed(text, "rawxml")), name).toEqual(plain(result.document));
    }
  });
});

describe.skipIf(!isThere)("documents the service refuses", () => {
  const cases = isThere
    ? listOf<BadCase>(JSON.parse(readFileSync(resolve(corpus, "bad/errors.json"), "utf8")), "errors")
    : [];

  it("fail here too when their XML is at fault, and only then", () => {
    for (const { id, xml, format } of cases) {
      if (xml === undefined || format === undefined) continue;
      expect(parsePolicyDocument(xml, { dialect: format }).ok, id).toBe(format !== "xml");
    }
  });
});
