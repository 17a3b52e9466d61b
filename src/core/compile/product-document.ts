/**
 * The document of a product. Its inbound section does what costs least first: who calls, how often, how many tokens, and only
 * then what is asked of other services, whether the text is harmful and whether there is an answer already.
 *
 *   base → callers → rateLimit → quota → tokenLimit → contentSafety → tokenMetrics → semanticCache → policies.inbound
 *
 * A token limit is an inbound policy that counts once for each call, in whatever the last answer says it used, or as it
 * estimates of a stream: retries and fallbacks stand in the backend section, behind it, and are not counted twice.
 */
import { base } from "../policy/build.ts";
import type { PolicyDocument, PolicyElement, PolicyNode } from "../policy/tree.ts";
import { productDocumentKeys } from "../spec/schema-product.ts";
import type { ProductSpec } from "../spec/schema.ts";
import { callersPolicies } from "./callers.ts";
import { contentSafetyPolicy } from "./content-safety.ts";
import type { WrittenFor } from "./element-keys.ts";
import { unrecorded } from "./element-keys.ts";
import { quotaPolicy, rateLimitPolicy } from "./call-limits.ts";
import { document, hasBase, inheriting } from "./policies.ts";
import type { SectionNodes } from "./policies.ts";
import { cacheLookupPolicy, cacheStorePolicy } from "./semantic-cache.ts";
import { tokenLimitPolicies, tokenMetricsPolicy } from "./token-policies.ts";

export type ProductParts = {
  readonly id: string;
  readonly product: ProductSpec;
  readonly handWritten: SectionNodes;
  readonly owner: string;
  readonly writtenFor?: WrittenFor;
};

export function hasDocument(product: ProductSpec): boolean {
  return product.policies !== undefined || productDocumentKeys.some((key) => product[key] !== undefined);
}

export function productDocument(parts: ProductParts): PolicyDocument {
  const { handWritten, owner, writtenFor = unrecorded } = parts;
  const own = handWritten.inbound ?? [];
  const inbound = [...productInbound(parts, writtenFor), ...own];
  return document(owner, {
    inbound: hasBase(own) ? inbound : [base(), ...inbound],
    backend: handWritten.backend ?? [base()],
    outbound: productOutbound(parts, writtenFor),
    "on-error": inheriting(handWritten["on-error"]),
  });
}

/** The answer is kept before hand-written policies change it for the caller at hand. */
function productOutbound(
  { product, handWritten }: ProductParts,
  writtenFor: WrittenFor,
): readonly PolicyNode[] {
  const { semanticCache } = product;
  if (semanticCache === undefined) return inheriting(handWritten.outbound);
  const own = handWritten.outbound ?? [];
  const store = writtenFor(cacheStorePolicy(semanticCache), "key", "semanticCache");
  return hasBase(own) ? [store, ...own] : [base(), store, ...own];
}

function productInbound({ id, product }: ProductParts, writtenFor: WrittenFor): PolicyElement[] {
  const { callers, rateLimit, quota, tokenLimit, contentSafety, tokenMetrics, semanticCache } = product;
  return [
    ...(callers === undefined ? [] : callersPolicies(callers, writtenFor)),
    ...(rateLimit === undefined ? [] : [writtenFor(rateLimitPolicy(rateLimit, id), "key", "rateLimit")]),
    ...(quota === undefined ? [] : [writtenFor(quotaPolicy(quota, id), "key", "quota")]),
    ...(tokenLimit === undefined ? [] : tokenLimitPolicies(tokenLimit, id, writtenFor)),
    ...(contentSafety === undefined
      ? []
      : [writtenFor(contentSafetyPolicy(contentSafety), "key", "contentSafety")]),
    ...(tokenMetrics === undefined
      ? []
      : [writtenFor(tokenMetricsPolicy(tokenMetrics), "key", "tokenMetrics")]),
    ...(semanticCache === undefined
      ? []
      : [writtenFor(cacheLookupPolicy(semanticCache, id), "key", "semanticCache")]),
  ];
}
