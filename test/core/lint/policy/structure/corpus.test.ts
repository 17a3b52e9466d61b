import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { PolicyContextOptions } from "../../../../../src/core/lint/policy/policy-context.ts";
import { findAll } from "./support.ts";

const corpus = resolve(import.meta.dirname, "../../../../../../shared/corpus");
const hasCorpus = existsSync(corpus);
if (!hasCorpus) console.warn(`structure rules not run over real documents: ${corpus} is not there`);

type Entry = { readonly file: string; readonly suspect?: unknown };
type Refusal = { readonly id: string; readonly xml?: string };

function readJson<T>(...path: string[]): T[] {
  return JSON.parse(readFileSync(resolve(corpus, ...path), "utf8")) as T[];
}

describe.skipIf(!hasCorpus)("published documents", () => {
  const folders = hasCorpus ? readdirSync(resolve(corpus, "good")) : [];
  it.each(folders)("%s has no structural error", (folder) => {
    const errors = readJson<Entry>("good", folder, "index.json")
      .filter(({ suspect }) => suspect === undefined || suspect === false)
      .flatMap(({ file }) =>
        (findAll(readFileSync(resolve(corpus, "good", folder, file), "utf8")) ?? [])
          .filter(({ severity }) => severity === "error")
          .map((found) => ({ file, ...found })),
      );
    expect(errors).toEqual([]);
  });
});

const none = { backends: [], fragments: [], loggers: [], namedValues: [], certificates: [] };

/** What is refused, by which rule, on which line of the minimal document. */
const refusals: [id: string, rule: string, line: number, options: PolicyContextOptions][] = [
  ["limit-concurrency-expression", "expression-not-allowed", 6, {}],
  ["schema-mock-response-expression", "expression-not-allowed", 4, {}],
  ["fragment-section", "fragment-content", 2, {}],
  ["limit-rate-limit-by-key-period", "number-range", 4, {}],
  ["limit-rate-limit-twice", "duplicate-policy", 5, {}],
  ["limit-emit-metric-dimensions", "too-many-dimensions", 4, {}],
  ["ref-named-value-integer", "unknown-named-value", 4, { known: none }],
  ["ref-backend-id", "unknown-backend", 4, { known: none }],
  ["ref-logger", "unknown-logger", 4, { known: none }],
  [
    "ref-certificate-keyvault-thumbprint",
    "unknown-certificate",
    4,
    { known: { ...none, certificates: ["c"] } },
  ],
  ["limit-quota-neither", "missing-one-of-attributes", 4, {}],
  ["limit-token-quota-period", "dependent-attributes", 4, {}],
  ["schema-ip-filter-empty", "missing-one-of-children", 4, {}],
  ["schema-semantic-cache-auth", "enum-value", 4, {}],
  ["schema-set-header-text", "text-not-allowed", 4, {}],
  ["schema-validate-jwt-child-order", "child-order", 8, {}],
  ["schema-send-request-no-variable", "missing-attribute", 4, {}],
  ["scope-log-to-eventhub-workspace", "policy-in-wrong-scope", 4, { scope: "workspace" }],
  ["scope-quota-api", "policy-in-wrong-scope", 4, { scope: "api" }],
  ["section-forward-request-inbound", "policy-in-wrong-section", 4, {}],
  ["section-rewrite-uri-outbound", "policy-in-wrong-section", 10, {}],
  ["section-cache-lookup-outbound", "policy-in-wrong-section", 10, {}],
  ["section-resolver-policy-in-api", "policy-in-wrong-section", 4, {}],
  ["sku-quota-by-key-consumption", "policy-not-on-tier", 4, { sku: "Consumption" }],
  ["sku-rate-limit-by-key-consumption", "policy-not-on-tier", 4, { sku: "Consumption" }],
  ["scope-section-as-root-validate-jwt", "section-as-root", 2, {}],
];

describe.skipIf(!hasCorpus)("reported refusals", () => {
  const texts = new Map(
    hasCorpus ? readJson<Refusal>("bad", "errors.json").map(({ id, xml }) => [id, xml ?? ""]) : [],
  );

  it.each(refusals)("%s is found by %s on line %i", (id, rule, line, options) => {
    const found = findAll(texts.get(id) ?? "", options) ?? [];
    expect(found.map((each) => [each.rule, each.line])).toContainEqual([rule, line]);
  });

  it("does not report what is no longer refused", () => {
    expect(findAll(texts.get("schema-calls-expression") ?? "")).toEqual([]);
  });
});
