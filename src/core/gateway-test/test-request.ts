/** The request of a step as the gateway takes it, and the subscription that it calls with. */
import { apiBasePath } from "../gateway/api-version.ts";
import type { ApiConfig, GatewayConfig, SubscriptionConfig } from "../gateway/config.ts";
import type { IncomingRequest } from "../gateway/engine.ts";
import { HeaderMap, createBody, parseUrl } from "../gateway/message.ts";
import type { GatewayUrl } from "../gateway/message.ts";
import { printQuery } from "../gateway/query.ts";
import {
  chooseApi,
  scenarioCall,
  scenarioKey,
  scenarioSubscription,
  versionHeader,
} from "../simulate/scenario-call.ts";
import type { CallSpec } from "../simulate/scenario.ts";
import type { BodySpec, RequestSpec } from "./schema.ts";

export type TestRequest = {
  /** New for every call: policies change headers and use up bodies. */
  readonly create: () => IncomingRequest;
  readonly subscription: SubscriptionConfig;
};

const host = "https://gateway.local";
const usualAddress = "203.0.113.7";

/** Throws Failure `SCENARIO.CALL` when the gateway has no such API, operation or product. */
export function testRequest(config: GatewayConfig, spec: RequestSpec): TestRequest {
  const { path, ipAddress = usualAddress } = spec;
  const target = path === undefined ? toOperation(config, spec) : toPath(config, spec, path);
  const subscription = subscriptionFor(config, spec, target.api);
  const [key] = subscription.keys;
  return {
    subscription,
    create: () => {
      const headers = new HeaderMap();
      if (target.body !== undefined) headers.set("Content-Type", ["application/json"]);
      for (const [name, value] of target.headers) headers.set(name, [value]);
      if (spec.subscriptionKey !== false) {
        headers.set(target.api?.keyNames.header ?? usualKeyHeader, [spec.subscriptionKey ?? key]);
      }
      for (const [name, value] of Object.entries(spec.headers ?? {})) headers.set(name, [value]);
      const body = target.body === undefined ? null : createBody(target.body);
      return { method: target.method, url: target.url, headers, body, ipAddress };
    },
  };
}

const usualKeyHeader = "Ocp-Apim-Subscription-Key";

type Target = {
  readonly api: ApiConfig | undefined;
  readonly method: string;
  readonly url: GatewayUrl;
  /** Those that the API needs to be found. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | string | undefined;
};

function toOperation(config: GatewayConfig, spec: RequestSpec): Target {
  const { api, operation, deployment, parameters, query, body, stream } = spec;
  const call: CallSpec = {
    ...(api === undefined ? {} : { api }),
    ...(operation === undefined ? {} : { operation }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(body === undefined ? {} : { body: bodyText(body) }),
    ...(stream === undefined ? {} : { stream }),
    parameters: { ...parameters, ...query },
  };
  const made = scenarioCall(config, call);
  const found = chooseApi(config, call);
  return {
    api: found,
    method: made.method,
    url: made.url,
    headers: versionHeader(found),
    body: made.body,
  };
}

function toPath({ apis }: GatewayConfig, spec: RequestSpec, path: string): Target {
  const [api] = apis
    .filter((candidate) => isBelow(path, apiBasePath(candidate)))
    .sort((a, b) => apiBasePath(b).length - apiBasePath(a).length);
  const url = parseUrl(host + path + printQuery(Object.entries(spec.query ?? {})));
  if (url === undefined) throw new Error(`${path} makes no address`);
  const { method = "POST", body } = spec;
  return { api, method, url, headers: [], body: body === undefined ? undefined : bodyText(body) };
}

function isBelow(path: string, base: string): boolean {
  return `${path}/`.toLowerCase().startsWith(`${base}/`.toLowerCase());
}

/** One for each product, and one for everything; each with a key of its own. */
function subscriptionFor(
  config: GatewayConfig,
  { product, subscription }: RequestSpec,
  api: ApiConfig | undefined,
): SubscriptionConfig {
  const found = scenarioSubscription(config, {
    ...(api === undefined ? {} : { api: api.id }),
    ...(product === undefined ? {} : { product }),
    ...(subscription === undefined ? {} : { subscription }),
  });
  if (subscription !== undefined) return found;
  const { name, scope, isActive } = found;
  const suffix = scope.kind === "product" ? `-${scope.product}` : "";
  return { id: `test${suffix}`, name, keys: [scenarioKey + suffix, ""], scope, isActive };
}

/** Text as it is; everything else as JSON. */
export function bodyText(body: BodySpec): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
