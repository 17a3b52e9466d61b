import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { contextOf, findIn, loadGrammar } from "./support.ts";

const corpus = resolve(import.meta.dirname, "../../../../../../shared/corpus");
const isMissing = !existsSync(corpus);
if (isMissing) console.warn(`skipped: no corpus at ${corpus}`);

const indexSchema = z.array(z.object({ file: z.string(), suspect: z.string().optional() }));
const refusalsSchema = z.array(
  z.object({
    id: z.string(),
    xml: z.string().optional(),
    format: z.string().optional(),
    category: z.string(),
  }),
);

beforeAll(loadGrammar);

describe.skipIf(isMissing)("expressions of the corpus", () => {
  it("gives no error on documents that the service takes", () => {
    const good = resolve(corpus, "good");
    const errors: string[] = [];
    for (const folder of readdirSync(good)) {
      const index = indexSchema.parse(JSON.parse(readFileSync(resolve(good, folder, "index.json"), "utf8")));
      for (const { file, suspect } of index) {
        if (suspect !== undefined) continue;
        const context = contextOf(readFileSync(resolve(good, folder, file), "utf8"));
        if (context === undefined) continue;
        for (const { severity, rule, line, message } of findIn(context)) {
          if (severity === "error") errors.push(`${folder}/${file}:${line} ${rule} ${message}`);
        }
      }
    }
    expect(errors).toEqual([]);
  });

  it.each(["auto", "rawxml"] as const)("finds what the service refuses in expressions (%s)", (dialect) => {
    const refusals = refusalsSchema.parse(
      JSON.parse(readFileSync(resolve(corpus, "bad/errors.json"), "utf8")),
    );
    const categories = ["csharp", "expression", "expression-member", "expression-type"];
    const missed = refusals
      .filter(({ category }) => categories.includes(category))
      .filter(({ xml }) => {
        const context = xml === undefined ? undefined : contextOf(xml, dialect);
        return context === undefined || !findIn(context).some(({ severity }) => severity === "error");
      });
    expect(missed.map(({ id }) => id)).toEqual([]);
  });
});
