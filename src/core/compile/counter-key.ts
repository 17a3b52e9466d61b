import { expression } from "./expressions.ts";

/** True where calls are counted for each subscription: what `rate-limit` and `quota` do without being told. */
export function isBySubscription(key: string | undefined): boolean {
  return key === undefined || key === "subscription";
}

/**
 * The expression that tells apart whose calls are counted together. Equal values share a counter whatever the document
 * (learn.microsoft.com/azure/api-management/llm-token-limit-policy): users and addresses, which may come through several products,
 * get the product's id before them.
 */
export function counterKeyExpression(key: string | undefined, product: string): string {
  switch (key) {
    case undefined:
    case "subscription":
      return expression("context.Subscription.Id");
    case "product":
      return expression("context.Product.Id");
    case "user":
      return expression(`"${product}|" + context.User?.Id`);
    case "ip":
      return expression(`"${product}|" + context.Request.IpAddress`);
    default:
      return key;
  }
}
