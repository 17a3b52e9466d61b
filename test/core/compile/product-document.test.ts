import { describe, expect, it } from "vitest";
import { productDocument } from "../../../src/core/compile/product-document.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { childElement, childElements } from "../../../src/core/policy/tree.ts";
import type { ProductSpec } from "../../../src/core/spec/schema.ts";

function compiled(product: ProductSpec) {
  return productDocument({ id: "team-a", product, handWritten: {}, owner: "x" });
}

const everything: ProductSpec = {
  semanticCache: { embeddings: "e", scoreThreshold: 0.05 },
  tokenMetrics: { dimensions: ["API ID"] },
  contentSafety: { backend: "s" },
  tokenLimit: [{ tokensPerMinute: 1 }, { tokensPerMinute: 2, counterKey: "product" }],
  quota: { calls: 1, period: "1h" },
  rateLimit: { calls: 1, period: "1m" },
  callers: { ipRanges: ["203.0.113.7"], entra: { tenant: "t", audiences: ["a"] } },
};

describe("the document of a product", () => {
  it("asks who calls before anything is counted, and other services last", () => {
    const inbound = childElement(compiled(everything).root, "inbound");
    expect(inbound && childElements(inbound).map(({ name }) => name)).toEqual([
      "base",
      "ip-filter",
      "validate-azure-ad-token",
      "rate-limit",
      "quota",
      "llm-token-limit",
      "llm-token-limit",
      "llm-content-safety",
      "llm-emit-token-metric",
      "llm-semantic-cache-lookup",
    ]);
    const outbound = childElement(compiled(everything).root, "outbound");
    expect(outbound && childElements(outbound).map(({ name }) => name)).toEqual([
      "base",
      "llm-semantic-cache-store",
    ]);
  });

  it.each([
    [undefined, '<rate-limit calls="5"', '"@(context.Subscription.Id)"'],
    ["subscription", '<rate-limit calls="5"', '"@(context.Subscription.Id)"'],
    ["product", '<rate-limit-by-key calls="5"', '"@(context.Product.Id)"'],
    ["user", '<rate-limit-by-key calls="5"', `"@("team-a|" + context.User?.Id)"`],
    ["ip", '<rate-limit-by-key calls="5"', `"@("team-a|" + context.Request.IpAddress)"`],
    ["@(context.Api.Id)", '<rate-limit-by-key calls="5"', '"@(context.Api.Id)"'],
  ])("counts by %s", (counterKey, rate, key) => {
    const text = printPolicyDocument(
      compiled({
        rateLimit: { calls: 5, period: "1m", counterKey },
        tokenLimit: { tokensPerMinute: 10, counterKey },
      }),
      { dialect: "rawxml" },
    );
    expect(text).toContain(rate);
    expect(text).toContain(`<llm-token-limit counter-key=${key}`);
  });

  it("names the headers of what is limited only", () => {
    const attributes = (tokenLimit: ProductSpec["tokenLimit"]) => {
      const inbound = childElement(compiled({ tokenLimit }).root, "inbound");
      const limit = inbound && childElement(inbound, "llm-token-limit");
      return limit?.attributes.filter(({ name }) => name.endsWith("-header-name")).map(({ value }) => value);
    };
    expect(attributes({ tokensPerMinute: 1, headers: true })).toEqual([
      "remaining-tokens",
      "consumed-tokens",
    ]);
    expect(attributes({ quota: 1, period: "Daily", headers: true })).toEqual([
      "remaining-quota-tokens",
      "consumed-tokens",
    ]);
    expect(attributes({ tokensPerMinute: 1, headers: { retryAfter: "x-wait" } })).toEqual(["x-wait"]);
    expect(attributes({ tokensPerMinute: 1 })).toEqual([]);
  });
});
