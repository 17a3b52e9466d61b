/** From a request to the API, the operation, the subscription and the product that it belongs to. */
import { apiBasePath, asksForVersion } from "./api-version.ts";
import type { ApiConfig, GatewayConfig, ProductConfig, SubscriptionConfig } from "./config.ts";
import type { GatewayUrl, HeaderMap } from "./message.ts";
import { PolicyError } from "./policy-error.ts";
import { queryValue } from "./query.ts";
import { OperationFinder } from "./url-template.ts";
import type { MatchedOperation } from "./url-template.ts";

/** A request before anything is known about it. */
export type RequestLine = {
  readonly method: string;
  readonly url: GatewayUrl;
  readonly headers: HeaderMap;
};

export type Route = {
  readonly api: ApiConfig;
  readonly matched: MatchedOperation;
  /** The path below the API, as the client sent it. */
  readonly remainder: string;
  /** A browser asks whether it may make the call: an OPTIONS request that is no operation of its own. */
  readonly isPreflight: boolean;
};

/** Who calls: none for an API that needs no key. */
export type Caller = {
  readonly subscription: SubscriptionConfig | undefined;
  readonly product: ProductConfig | undefined;
  /** The key that came with the request. */
  readonly key: string | undefined;
};

type Candidate = { readonly api: ApiConfig; readonly prefix: string; readonly finder: OperationFinder };

export class Router {
  /** Longest path first. */
  readonly #candidates: readonly Candidate[];
  readonly #config: GatewayConfig;
  readonly #byKey = new Map<string, SubscriptionConfig>();

  constructor(config: GatewayConfig) {
    this.#config = config;
    for (const subscription of config.subscriptions) {
      for (const key of subscription.keys) if (key !== "") this.#byKey.set(key, subscription);
    }
    this.#candidates = config.apis
      .map((api) => ({
        api,
        prefix: apiBasePath(api).toLowerCase(),
        finder: new OperationFinder(api.operations),
      }))
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** The API with the longest path that the request's begins with, and its operation. Throws PolicyError 404. */
  route(request: RequestLine): Route {
    const found = this.#find(request, request.method);
    if (found !== undefined) return { ...found, isPreflight: false };
    const wanted = request.headers.get("Access-Control-Request-Method")?.[0];
    const asked =
      request.method !== "OPTIONS" || wanted === undefined ? undefined : this.#find(request, wanted);
    if (asked === undefined) throw operationNotFound();
    return { ...asked, isPreflight: true };
  }

  #find({ url, headers }: RequestLine, method: string): Omit<Route, "isPreflight"> | undefined {
    const path = url.path.toLowerCase();
    let prefix: string | undefined;
    for (const candidate of this.#candidates) {
      if (prefix !== undefined && candidate.prefix !== prefix) break;
      if (!startsWithPath(path, candidate.prefix) || !asksForVersion(candidate.api.version, url, headers))
        continue;
      prefix = candidate.prefix;
      const rest = url.path.slice(prefix.length);
      const remainder = rest === "" ? "/" : rest;
      const matched = candidate.finder.find(method, remainder);
      if (matched !== undefined) return { api: candidate.api, matched, remainder };
    }
    return undefined;
  }

  /**
   * Checks the key: the header is read first, the query parameter only without it; without a key an open product lets the
   * call in, or the API itself [documented]. Throws PolicyError 401.
   */
  admit(api: ApiConfig, { url, headers }: RequestLine): Caller {
    const key = headers.get(api.keyNames.header)?.[0] ?? queryValue(url.queryString, api.keyNames.query);
    if (key === undefined || key === "") return this.#admitWithoutKey(api, url);
    const subscription = this.#byKey.get(key);
    const admitted =
      subscription?.isActive === true ? this.#admitSubscription(api, subscription, key) : undefined;
    if (admitted !== undefined) return admitted;
    throw unauthorized(
      api,
      url,
      "SubscriptionKeyInvalid",
      "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
    );
  }

  #admitWithoutKey(api: ApiConfig, url: GatewayUrl): Caller {
    const open = this.#config.products.find(
      (product) =>
        !product.subscriptionRequired && product.isPublished && product.apis.has(api.id.toLowerCase()),
    );
    if (open !== undefined || !api.subscriptionRequired) {
      return { subscription: undefined, product: open, key: undefined };
    }
    throw unauthorized(
      api,
      url,
      "SubscriptionKeyNotFound",
      "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.",
      "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
    );
  }

  #admitSubscription(api: ApiConfig, subscription: SubscriptionConfig, key: string): Caller | undefined {
    const { scope } = subscription;
    const id = api.id.toLowerCase();
    if (scope.kind === "all" || (scope.kind === "api" && scope.api.toLowerCase() === id)) {
      return { subscription, product: undefined, key };
    }
    if (scope.kind !== "product") return undefined;
    const wanted = scope.product.toLowerCase();
    const product = this.#config.products.find((other) => other.id.toLowerCase() === wanted);
    return product?.apis.has(id) === true ? { subscription, product, key } : undefined;
  }
}

export function operationNotFound(): PolicyError {
  return new PolicyError(404, "Unable to match incoming request to an operation.", {
    source: "configuration",
    reason: "OperationNotFound",
    answer: "Resource not found",
  });
}

/** The challenge's wording is inferred. */
function unauthorized(
  api: ApiConfig,
  url: GatewayUrl,
  reason: string,
  message: string,
  answer = message,
): PolicyError {
  const realm = `${url.scheme}://${url.host}${url.path}`;
  const challenge = `AzureApiManagementKey realm="${realm}",name="${api.keyNames.header}",type="header"`;
  return new PolicyError(401, message, {
    source: "authorization",
    reason,
    answer,
    headers: [["WWW-Authenticate", challenge]],
  });
}

function startsWithPath(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charAt(prefix.length) === "/");
}
