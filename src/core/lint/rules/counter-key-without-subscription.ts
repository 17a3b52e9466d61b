import { tokenLimits } from "../../compile/token-policies.ts";
import { pointer } from "../../spec/source.ts";
import type { ProductSpec } from "../../spec/schema.ts";
import type { Finding, Rule } from "../rule.ts";

export const counterKeyWithoutSubscription: Rule = {
  id: "counter-key-without-subscription",
  severity: "error",
  summary: "A limit by subscription or user in a product that needs no subscription.",
  why:
    "Calls without a key have neither: `context.Subscription` is null, so that a policy which reads it fails with 500, and " +
    "`rate-limit` and `quota` count nothing (learn.microsoft.com/azure/api-management/api-management-policy-expressions).",
  examples: {
    bad: `
products: { open: { subscriptionRequired: false, tokenLimit: { tokensPerMinute: 1000 } } }`,
    good: `
products: { open: { subscriptionRequired: false, tokenLimit: { tokensPerMinute: 1000, counterKey: ip } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.products ?? {}).flatMap(([id, product]) => {
      if (product.subscriptionRequired !== false) return [];
      return keysOf(product).flatMap(({ key, path }): Finding[] => {
        if (key !== "subscription" && key !== "user") return [];
        const who = key === "user" ? "no user" : "no subscription";
        return [
          {
            message: `calls of product \`${id}\` may come without a key, and have ${who} to be told apart by`,
            at: source.locateKey(pointer("products", id, ...path)),
            help: "use `ip`, `product` or an expression, or let the product require subscriptions",
          },
        ];
      });
    }),
};

type KeyPlace = { readonly key: string; readonly path: readonly (string | number)[] };

function keysOf({ rateLimit, quota, tokenLimit, semanticCache }: ProductSpec): KeyPlace[] {
  const place = (key: string | undefined, name: string, ...path: (string | number)[]): KeyPlace => ({
    key: key ?? "subscription",
    path: key === undefined ? path : [...path, name],
  });
  const limits = tokenLimit === undefined ? [] : tokenLimits(tokenLimit);
  return [
    ...(rateLimit === undefined ? [] : [place(rateLimit.counterKey, "counterKey", "rateLimit")]),
    ...(quota === undefined ? [] : [place(quota.counterKey, "counterKey", "quota")]),
    ...limits.map(({ counterKey }, index) =>
      place(counterKey, "counterKey", "tokenLimit", ...(Array.isArray(tokenLimit) ? [index] : [])),
    ),
    ...(semanticCache === undefined ? [] : [place(semanticCache.varyBy, "varyBy", "semanticCache")]),
  ];
}
