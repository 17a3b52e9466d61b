import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { printCatalogue } from "../../../../scripts/catalogue/print-catalogue.ts";
import {
  allPolicies,
  attributeOf,
  childOf,
  contentOf,
  gatewayOfTier,
  isResolverRoot,
  policyNames,
  policyOf,
  sectionStanding,
} from "../../../../src/core/policy/catalogue/catalogue.ts";

const root = resolve(import.meta.dirname, "../../../..");
const facts = resolve(root, "../shared/reference/policies.json");
const hasFacts = existsSync(facts);
if (!hasFacts) console.warn(`not checked whether the catalogue is current: ${facts} is not there`);

describe("catalogue data", () => {
  it.skipIf(!hasFacts)("is what the generator makes of the facts", async () => {
    const written = readFileSync(resolve(root, "src/core/policy/catalogue/data.ts"), "utf8");
    expect(written).toBe(await printCatalogue(readFileSync(facts, "utf8")));
  });

  it("names every policy once, with its source", () => {
    const names = allPolicies().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(allPolicies().filter(({ source }) => source === "")).toEqual([]);
  });

  it("refers to policies that exist", () => {
    const referred = allPolicies().flatMap(({ children }) => children.flatMap(({ policy }) => policy ?? []));
    expect(referred.filter((name) => policyOf(name) === undefined)).toEqual([]);
  });
});

describe("look-ups", () => {
  it("tells attributes apart from those of other elements", () => {
    const policy = policyOf("rate-limit-by-key")!;
    expect(attributeOf(policy, "renewal-period", true)).toMatchObject({ type: "duration-seconds", max: 300 });
    expect(attributeOf(policy, "id", true)?.type).toBe("string");
    expect(attributeOf(policy, "id", false)).toBeUndefined();
    expect(attributeOf(policy, "nothing", true)).toBeUndefined();
  });

  it("takes the content of a child that is a policy from that policy", () => {
    const child = childOf(policyOf("return-response")!, "set-header")!;
    expect(contentOf(child)).toBe(policyOf("set-header"));
  });

  it("knows both names of a stylesheet", () => {
    expect(childOf(policyOf("xsl-transform")!, "xsl:transform")?.name).toBe("xsl:stylesheet");
  });

  it.each([
    ["rewrite-uri", "inbound", "listed"],
    ["rewrite-uri", "outbound", "not"],
    ["authentication-managed-identity", "outbound", "elsewhere"],
    ["trace", "on-error", "listed"],
  ] as const)("%s in %s: %s", (name, section, standing) => {
    expect(sectionStanding(policyOf(name)!, section)).toBe(standing);
  });

  it("knows resolver roots from what stands in them", () => {
    expect(isResolverRoot("http-data-source")).toBe(true);
    expect(isResolverRoot("publish-event")).toBe(false);
    expect(isResolverRoot("policies")).toBe(false);
  });

  it("offers documented policies of sections as names", () => {
    expect(policyNames()).toContain("set-header");
    expect(policyNames()).not.toContain("cache-value");
    expect(policyNames()).not.toContain("http-data-source");
  });

  it.each([
    ["Consumption", "consumption"],
    ["Developer", "classic"],
    ["Premium", "classic"],
    ["StandardV2", "v2"],
    ["Imaginary", undefined],
  ])("runs %s on %s", (sku, gateway) => {
    expect(gatewayOfTier(sku)).toBe(gateway);
  });
});
