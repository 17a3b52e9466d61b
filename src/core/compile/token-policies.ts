/** `tokenLimit` and `tokenMetrics` of a product. */
import { element } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { ProductSpec, TokenLimitSpec, TokenMetricsSpec } from "../spec/schema.ts";
import { counterKeyExpression } from "./counter-key.ts";
import type { WrittenFor } from "./element-keys.ts";

/** Names of the headers when the spec does not give others. */
export const tokenHeaderNames = {
  remaining: "remaining-tokens",
  remainingQuota: "remaining-quota-tokens",
  consumed: "consumed-tokens",
};

/** The limits of either way of writing them. */
export function tokenLimits(spec: NonNullable<ProductSpec["tokenLimit"]>): readonly TokenLimitSpec[] {
  return Array.isArray(spec) ? spec : [spec];
}

export function tokenLimitPolicies(
  spec: NonNullable<ProductSpec["tokenLimit"]>,
  product: string,
  writtenFor: WrittenFor,
): PolicyElement[] {
  return tokenLimits(spec).map((limit, index) => {
    const policy = tokenLimitPolicy(limit, product);
    return Array.isArray(spec)
      ? writtenFor(policy, "value", "tokenLimit", index)
      : writtenFor(policy, "key", "tokenLimit");
  });
}

function tokenLimitPolicy(limit: TokenLimitSpec, product: string): PolicyElement {
  const { tokensPerMinute, quota, period, counterKey, estimate, variables } = limit;
  const headers = headersOf(limit);
  return element("llm-token-limit", {
    "counter-key": counterKeyExpression(counterKey, product),
    "tokens-per-minute": tokensPerMinute === undefined ? undefined : String(tokensPerMinute),
    "token-quota": quota === undefined ? undefined : String(quota),
    "token-quota-period": period,
    "estimate-prompt-tokens": String(estimate ?? true),
    "retry-after-header-name": headers.retryAfter,
    "retry-after-variable-name": variables?.retryAfter,
    "remaining-tokens-header-name": headers.remaining,
    "remaining-tokens-variable-name": variables?.remaining,
    "remaining-quota-tokens-header-name": headers.remainingQuota,
    "remaining-quota-tokens-variable-name": variables?.remainingQuota,
    "tokens-consumed-header-name": headers.consumed,
    "tokens-consumed-variable-name": variables?.consumed,
  });
}

type TokenHeaders = {
  readonly [name in "remaining" | "remainingQuota" | "consumed" | "retryAfter"]?: string | undefined;
};

/** Only of what is limited: a limit without a quota has nothing left of one. */
function headersOf({ headers, tokensPerMinute, quota }: TokenLimitSpec): TokenHeaders {
  if (headers !== true) return headers ?? {};
  return {
    remaining: tokensPerMinute === undefined ? undefined : tokenHeaderNames.remaining,
    remainingQuota: quota === undefined ? undefined : tokenHeaderNames.remainingQuota,
    consumed: tokenHeaderNames.consumed,
  };
}

export function tokenMetricsPolicy({ namespace, dimensions }: TokenMetricsSpec): PolicyElement {
  const children = dimensions.map((dimension) =>
    typeof dimension === "string"
      ? element("dimension", { name: dimension })
      : element("dimension", { name: dimension.name, value: dimension.value }),
  );
  return element("llm-emit-token-metric", { namespace }, children);
}
