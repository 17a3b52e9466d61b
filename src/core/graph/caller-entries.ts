/** Who may call an API: subscribers of each product that has it, or whoever has a key, or everybody. */
import type { ApiConfig, GatewayConfig, ProductConfig } from "../gateway/config.ts";
import { compareText } from "../problem.ts";

export type CallerEntry = {
  /** Equal for the same callers of another API. */
  readonly name: string;
  readonly product: ProductConfig | undefined;
  readonly title: string;
  readonly lines: readonly string[];
};

/** At least one; sorted by name. */
export function callerEntries(config: GatewayConfig, api: ApiConfig): readonly CallerEntry[] {
  const id = api.id.toLowerCase();
  const products = config.products.filter(({ apis }) =>
    [...apis].some((other) => other.toLowerCase() === id),
  );
  const entries = products.map((product) => ({
    name: product.id,
    product,
    title: product.name,
    lines: productLines(product, api),
  }));
  const others = products.length > 0 ? [] : [withoutProduct(api)];
  return [...entries, ...others].sort((a, b) => compareText(a.name, b.name));
}

function productLines(product: ProductConfig, api: ApiConfig): readonly string[] {
  const needsKey = product.subscriptionRequired && api.subscriptionRequired;
  return [
    needsKey ? "product, with a subscription key" : "product, no key needed",
    ...(product.approvalRequired ? ["subscriptions need approval"] : []),
    ...(product.isPublished ? [] : ["not published"]),
  ];
}

function withoutProduct({ subscriptionRequired }: ApiConfig): CallerEntry {
  return subscriptionRequired
    ? { name: "key", product: undefined, title: "Callers", lines: ["with a subscription key"] }
    : { name: "anybody", product: undefined, title: "Callers", lines: ["no subscription key needed"] };
}
