/**
 * The policies at the beginning of a product's inbound section → keys of the spec, in the order in which the compiler writes
 * them. A guess: whoever asks compiles it and compares.
 */
import { callHeaderNames } from "../compile/call-limits.ts";
import { counterKeyExpression } from "../compile/counter-key.ts";
import { tokenHeaderNames } from "../compile/token-policies.ts";
import { attributeValue, childElement, childElements, elementText } from "../policy/tree.ts";
import type { PolicyElement, PolicyNode } from "../policy/tree.ts";
import { shortDuration } from "../spec/duration.ts";
import { counterKeys, knownDimensions, quotaPeriods } from "../spec/schema-product.ts";
import type { productDocumentKeys } from "../spec/schema-product.ts";
import type {
  CallersSpec,
  ContentSafetySpec,
  ProductSpec,
  SemanticCacheSpec,
  TokenLimitSpec,
  TokenMetricsSpec,
} from "../spec/schema.ts";

export type ProductKeys = Pick<ProductSpec, (typeof productDocumentKeys)[number]>;

export type ReadKeys = {
  readonly keys: ProductKeys;
  /** What is left of the two sections. */
  readonly inbound: readonly PolicyNode[];
  readonly outbound: readonly PolicyNode[];
};

/** Both sections without the `<base />` at their beginning. */
export function readProductKeys(
  product: string,
  inbound: readonly PolicyNode[],
  outbound: readonly PolicyNode[],
): ReadKeys {
  const rest = new Elements(inbound);
  const answers = new Elements(outbound);
  const ipRanges = rest.take("ip-filter")?.map(ipRangesOf)[0];
  const entra = rest.take("validate-azure-ad-token")?.map(entraOf)[0];
  const keys = {
    callers: ipRanges === undefined && entra === undefined ? undefined : { ipRanges, entra },
    rateLimit: rest.take("rate-limit", "rate-limit-by-key")?.map((each) => rateLimitOf(each, product))[0],
    quota: rest.take("quota", "quota-by-key")?.map((each) => quotaOf(each, product))[0],
    tokenLimit: oneOrMore(rest.takeAll("llm-token-limit").map((each) => tokenLimitOf(each, product))),
    contentSafety: rest.take("llm-content-safety")?.map(contentSafetyOf)[0],
    tokenMetrics: rest.take("llm-emit-token-metric")?.map(tokenMetricsOf)[0],
    semanticCache: cacheOf(rest, answers, product),
  };
  return { keys, inbound: rest.nodes, outbound: answers.nodes };
}

/** Nodes from which elements are taken at the beginning. */
class Elements {
  #nodes: readonly PolicyNode[];

  constructor(nodes: readonly PolicyNode[]) {
    this.#nodes = nodes;
  }

  get nodes(): readonly PolicyNode[] {
    return this.#nodes;
  }

  /** The first element, in a list, if it has one of these names. */
  take(...names: readonly string[]): readonly [PolicyElement] | undefined {
    const first = this.#nodes.find((node) => node.type === "element");
    if (first?.type !== "element" || !names.includes(first.name)) return undefined;
    this.#nodes = this.#nodes.filter((node) => node !== first);
    return [first];
  }

  takeAll(name: string): PolicyElement[] {
    const taken: PolicyElement[] = [];
    for (let next = this.take(name); next !== undefined; next = this.take(name)) taken.push(...next);
    return taken;
  }
}

function oneOrMore<Value>(values: readonly Value[]): Value | Value[] | undefined {
  return values.length > 1 ? [...values] : values[0];
}

function numberOf(element: PolicyElement, name: string): number | undefined {
  const value = attributeValue(element, name);
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function flagOf(element: PolicyElement, name: string): boolean | undefined {
  const value = attributeValue(element, name);
  return value === undefined ? undefined : value === "true";
}

/** Seconds as a duration; `0s` for what is no number, which will then not be what the document says. */
function durationOf(element: PolicyElement, name: string): string {
  return shortDuration((numberOf(element, name) ?? 0) * 1000);
}

/** By subscription is what is meant when nothing is said. */
function counterKeyOf(expression: string | undefined, product: string): string | undefined {
  const known = counterKeys.find((key) => counterKeyExpression(key, product) === expression);
  return known === "subscription" ? undefined : (known ?? expression);
}

function textsOf(element: PolicyElement, list: string): string[] | undefined {
  const items = childElement(element, list);
  const texts = items === undefined ? [] : childElements(items).map((item) => elementText(item).trim());
  return texts.length === 0 ? undefined : texts;
}

function ipRangesOf(filter: PolicyElement): string[] {
  return childElements(filter).map((child) =>
    child.name === "address"
      ? elementText(child).trim()
      : `${attributeValue(child, "from") ?? ""}-${attributeValue(child, "to") ?? ""}`,
  );
}

function entraOf(check: PolicyElement): NonNullable<CallersSpec["entra"]> {
  const claims = childElement(check, "required-claims");
  const required = (claims === undefined ? [] : childElements(claims)).map((claim) => {
    const values = childElements(claim).map((value) => elementText(value).trim());
    const match = attributeValue(claim, "match") === "any" ? ("any" as const) : undefined;
    const separator = attributeValue(claim, "separator");
    const spec = match === undefined && separator === undefined ? values : { values, match, separator };
    return [attributeValue(claim, "name") ?? "", spec] as const;
  });
  return {
    tenant: attributeValue(check, "tenant-id") ?? "",
    audiences: textsOf(check, "audiences"),
    clientApplications: textsOf(check, "client-application-ids"),
    requiredClaims: required.length === 0 ? undefined : Object.fromEntries(required),
    header: attributeValue(check, "header-name"),
  };
}

function rateLimitOf(limit: PolicyElement, product: string): ProductSpec["rateLimit"] {
  const headers = {
    remaining: attributeValue(limit, "remaining-calls-header-name"),
    total: attributeValue(limit, "total-calls-header-name"),
    retryAfter: attributeValue(limit, "retry-after-header-name"),
  };
  const isUsual =
    headers.remaining === callHeaderNames.remaining &&
    headers.total === callHeaderNames.total &&
    headers.retryAfter === undefined;
  return {
    calls: numberOf(limit, "calls") ?? 0,
    period: durationOf(limit, "renewal-period"),
    counterKey: counterKeyOf(attributeValue(limit, "counter-key"), product),
    headers: isUsual ? true : isEmpty(headers) ? undefined : headers,
  };
}

function quotaOf(limit: PolicyElement, product: string): ProductSpec["quota"] {
  return {
    calls: numberOf(limit, "calls"),
    bandwidth: numberOf(limit, "bandwidth"),
    period: durationOf(limit, "renewal-period"),
    counterKey: counterKeyOf(attributeValue(limit, "counter-key"), product),
  };
}

function tokenLimitOf(limit: PolicyElement, product: string): TokenLimitSpec {
  const name = (what: string, kind: string): string | undefined =>
    attributeValue(limit, `${what}-${kind}-name`);
  const named = (kind: string) => ({
    remaining: name("remaining-tokens", kind),
    remainingQuota: name("remaining-quota-tokens", kind),
    consumed: name("tokens-consumed", kind),
    retryAfter: name("retry-after", kind),
  });
  const perMinute = numberOf(limit, "tokens-per-minute");
  const quota = numberOf(limit, "token-quota");
  const headers = named("header");
  const variables = named("variable");
  const isUsual =
    headers.consumed === tokenHeaderNames.consumed &&
    headers.remaining === (perMinute === undefined ? undefined : tokenHeaderNames.remaining) &&
    headers.remainingQuota === (quota === undefined ? undefined : tokenHeaderNames.remainingQuota) &&
    headers.retryAfter === undefined;
  return {
    tokensPerMinute: perMinute,
    quota,
    period: quotaPeriods.find((period) => period === attributeValue(limit, "token-quota-period")),
    counterKey: counterKeyOf(attributeValue(limit, "counter-key"), product),
    estimate: flagOf(limit, "estimate-prompt-tokens") === false ? false : undefined,
    headers: isUsual ? true : isEmpty(headers) ? undefined : headers,
    variables: isEmpty(variables) ? undefined : variables,
  };
}

function isEmpty(value: object): boolean {
  return Object.values(value).every((member) => member === undefined);
}

function contentSafetyOf(check: PolicyElement): ContentSafetySpec {
  const categories = childElement(check, "categories");
  const levels = (categories === undefined ? [] : childElements(categories)).map(
    (category): [string, number | undefined] => [
      attributeValue(category, "name") ?? "",
      numberOf(category, "threshold"),
    ],
  );
  const outputType = categories && attributeValue(categories, "output-type");
  return {
    backend: attributeValue(check, "backend-id") ?? "",
    shieldPrompt: flagOf(check, "shield-prompt"),
    completions: flagOf(check, "enforce-on-completions"),
    categories: levels.length === 0 ? undefined : Object.fromEntries(levels),
    outputType: outputType === "EightSeverityLevels" ? outputType : undefined,
    blocklists: textsOf(check, "blocklists"),
  };
}

function tokenMetricsOf(metric: PolicyElement): TokenMetricsSpec {
  const dimensions = childElements(metric).map((dimension) => {
    const name = attributeValue(dimension, "name") ?? "";
    const value = attributeValue(dimension, "value");
    const known = knownDimensions.find((each) => each === name);
    return known !== undefined && value === undefined ? known : { name, value: value ?? "" };
  });
  return { namespace: attributeValue(metric, "namespace"), dimensions };
}

/** Looked up at the end of inbound, stored at the beginning of outbound: one without the other is none of ours. */
function cacheOf(inbound: Elements, outbound: Elements, product: string): SemanticCacheSpec | undefined {
  const lookup = inbound.take("llm-semantic-cache-lookup")?.[0];
  const store = lookup === undefined ? undefined : outbound.take("llm-semantic-cache-store")?.[0];
  if (lookup === undefined || store === undefined) return undefined;
  const vary = childElement(lookup, "vary-by");
  const duration = durationOf(store, "duration");
  return {
    embeddings: attributeValue(lookup, "embeddings-backend-id") ?? "",
    scoreThreshold: numberOf(lookup, "score-threshold") ?? 0,
    duration: duration === "5m" ? undefined : duration,
    varyBy: vary === undefined ? "none" : counterKeyOf(elementText(vary).trim(), product),
    ignoreSystemMessages: flagOf(lookup, "ignore-system-messages"),
    maxMessageCount: numberOf(lookup, "max-message-count"),
  };
}
