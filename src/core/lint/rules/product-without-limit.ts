import type { ProductSpec } from "../../spec/schema.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const productWithoutLimit: Rule = {
  id: "product-without-limit",
  severity: "info",
  summary: "A product without a limit, where others have one.",
  why: "All products share the tokens per minute that the accounts have. Callers of a product without a limit can use them all up, and the limits of the others then protect nobody (learn.microsoft.com/azure/api-management/genai-gateway-capabilities).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a } } } }
products:
  team-a: { apis: [openai], tokenLimit: { tokensPerMinute: 1000 } }
  team-b: { apis: [openai] }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a } } } }
products:
  team-a: { apis: [openai], tokenLimit: { tokensPerMinute: 1000 } }
  team-b: { apis: [openai], rateLimit: { calls: 10, period: 1m } }`,
  },
  check: ({ spec, source }) => {
    const products = Object.entries(spec.products ?? {});
    if (!products.some(([, product]) => isLimited(product))) return [];
    return products
      .filter(
        ([, product]) => !isLimited(product) && !mayBeLimited(product) && (product.apis ?? []).length > 0,
      )
      .map(([id]) => ({
        message: `product \`${id}\` has no limit`,
        at: source.locateKey(pointer("products", id)),
        help: "give it `tokenLimit`, `rateLimit` or `quota`",
      }));
  },
};

function isLimited({ tokenLimit, rateLimit, quota }: ProductSpec): boolean {
  return tokenLimit !== undefined || rateLimit !== undefined || quota !== undefined;
}

/** What stands in its own XML is not looked into. */
function mayBeLimited({ policies }: ProductSpec): boolean {
  return policies?.inbound !== undefined || policies?.document !== undefined;
}
