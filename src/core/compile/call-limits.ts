/**
 * `rateLimit` and `quota` of a product. By subscription these are `rate-limit` and `quota`, which every tier has; anything else
 * takes the policies with a key, which Consumption lacks.
 */
import { element } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { parseDuration } from "../spec/duration.ts";
import type { CallQuotaSpec, RateLimitSpec } from "../spec/schema.ts";
import { counterKeyExpression, isBySubscription } from "./counter-key.ts";

/** Names of the headers when the spec does not give others. */
export const callHeaderNames = { remaining: "remaining-calls", total: "total-calls" };

export function rateLimitPolicy(
  { calls, period, counterKey, headers }: RateLimitSpec,
  product: string,
): PolicyElement {
  const named = headers === true ? callHeaderNames : headers;
  const retryAfter = headers === true ? undefined : headers?.retryAfter;
  const bySubscription = isBySubscription(counterKey);
  return element(bySubscription ? "rate-limit" : "rate-limit-by-key", {
    calls: String(calls),
    "renewal-period": seconds(period),
    "counter-key": bySubscription ? undefined : counterKeyExpression(counterKey, product),
    "retry-after-header-name": retryAfter,
    "remaining-calls-header-name": named?.remaining,
    "total-calls-header-name": named?.total,
  });
}

export function quotaPolicy(
  { calls, bandwidth, period, counterKey }: CallQuotaSpec,
  product: string,
): PolicyElement {
  const bySubscription = isBySubscription(counterKey);
  return element(bySubscription ? "quota" : "quota-by-key", {
    calls: calls === undefined ? undefined : String(calls),
    bandwidth: bandwidth === undefined ? undefined : String(bandwidth),
    "renewal-period": seconds(period),
    "counter-key": bySubscription ? undefined : counterKeyExpression(counterKey, product),
  });
}

function seconds(duration: string): string {
  return String(parseDuration(duration) / 1000);
}
