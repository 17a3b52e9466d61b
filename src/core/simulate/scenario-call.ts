/** The request that a scenario's clients send, made once. */
import { apiBasePath } from "../gateway/api-version.ts";
import type { ApiConfig, GatewayConfig, OperationConfig, SubscriptionConfig } from "../gateway/config.ts";
import { HeaderMap, createBody, parseUrl } from "../gateway/message.ts";
import type { GatewayUrl } from "../gateway/message.ts";
import { printQuery } from "../gateway/query.ts";
import type { QueryParameter } from "../gateway/query.ts";
import { callKind } from "./account-answers.ts";
import { readWishes } from "./call-wishes.ts";
import type { CallTokens } from "./mock-account.ts";
import type { CallSpec } from "./scenario.ts";
import { nameInstead, ScenarioFailure } from "./scenario-failure.ts";

export type ScenarioCall = {
  readonly method: string;
  readonly url: GatewayUrl;
  readonly tokens: CallTokens;
  /** New for every request: policies change them. With the key of whoever calls. */
  readonly headers: (key: string) => HeaderMap;
  readonly body: Uint8Array | undefined;
};

/** The key of the subscription that a scenario calls with. */
export const scenarioKey = "apimgw-local-key";

const host = "https://gateway.local";
const usualVersion = "2024-10-21";

/** Throws ScenarioFailure `SCENARIO.CALL` when the gateway has no such API or operation. */
export function scenarioCall(config: GatewayConfig, spec: CallSpec = {}): ScenarioCall {
  const api = chooseApi(config, spec);
  const operation = chooseOperation(config, api, spec);
  const tokens = {
    prompt: spec.promptTokens ?? 30,
    completion: spec.completionTokens ?? 40,
    max: spec.maxTokens,
  };
  const body = callBody(operation, spec, tokens);
  const url = parseUrl(host + callPath(api, operation, spec));
  if (url === undefined) throw new Error(`no address for ${operation.id}`);
  const headers = (key: string) => callHeaders(api, spec, key);
  return {
    method: operation.method,
    url,
    tokens: { ...tokens, wishes: readWishes(body === undefined ? null : createBody(body)) },
    headers: (key) => new HeaderMap(headers(key)),
    body,
  };
}

/**
 * A subscription for the call: the one that is named; else one of the product that is named, or of the only one that has the API,
 * else one for everything. `at` is the JSON pointer of what names it. Throws ScenarioFailure `SCENARIO.CALL`.
 */
export function scenarioSubscription(
  config: GatewayConfig,
  spec: CallSpec = {},
  at = "/call",
): SubscriptionConfig {
  const api = chooseApi(config, spec);
  if (spec.subscription !== undefined) return declaredSubscription(config, spec.subscription, at);
  const products = config.products.filter(({ apis }) => apis.has(api.id.toLowerCase()));
  const [only, ...others] = products;
  const named = spec.product === undefined ? undefined : findProduct(config, spec.product, at);
  const product = named ?? (others.length === 0 ? only : undefined);
  return {
    id: "scenario",
    name: "Scenario",
    keys: [named === undefined ? scenarioKey : `${scenarioKey}-${named.id}`, ""],
    scope: product === undefined ? { kind: "all" } : { kind: "product", product: product.id },
    isActive: true,
  };
}

function declaredSubscription({ declared }: GatewayConfig, id: string, at: string): SubscriptionConfig {
  const found = declared.find((other) => other.id.toLowerCase() === id.toLowerCase());
  // A dot is in no id of a product: the key is nobody else's.
  if (found !== undefined) return { ...found, keys: [`${scenarioKey}.${found.id}`, ""] };
  const names = declared.map((other) => other.id);
  throw callFailure(`the gateway has no subscription \`${id}\``, `${at}/subscription`, names, id);
}

function findProduct({ products }: GatewayConfig, id: string, at: string): GatewayConfig["products"][number] {
  const product = products.find((other) => other.id.toLowerCase() === id.toLowerCase());
  if (product !== undefined) return product;
  throw callFailure(
    `the gateway has no product \`${id}\``,
    `${at}/product`,
    products.map((other) => other.id),
    id,
  );
}

/** The API that is named, or the only one. Throws ScenarioFailure `SCENARIO.CALL`. */
export function chooseApi(config: GatewayConfig, { api }: CallSpec): ApiConfig {
  if (api !== undefined) {
    const found = config.apis.find(({ id }) => id.toLowerCase() === api.toLowerCase());
    if (found !== undefined) return found;
    throw callFailure(
      `the gateway has no API \`${api}\``,
      "/call/api",
      config.apis.map(({ id }) => id),
      api,
    );
  }
  const [only, ...others] = config.apis;
  if (only !== undefined && others.length === 0) return only;
  throw callFailure(
    "it is not said which API is called (`api`)",
    "/call",
    config.apis.map(({ id }) => id),
  );
}

function chooseOperation(config: GatewayConfig, api: ApiConfig, { operation }: CallSpec): OperationConfig {
  const { operations } = api;
  if (operation !== undefined) {
    const found = operations.find(({ id }) => id.toLowerCase() === operation.toLowerCase());
    if (found !== undefined) return found;
    throw callFailure(
      `${api.id} has no operation \`${operation}\``,
      "/call/operation",
      operations.map(({ id }) => id),
      operation,
    );
  }
  const listed = operations.filter(({ id }) =>
    config.policies.has(`apis/${api.id}/operations/${id}`.toLowerCase()),
  );
  const [only, ...others] = listed.length > 0 ? listed : operations;
  if (only !== undefined && others.length === 0) return only;
  throw callFailure(
    "it is not said which operation is called (`operation`)",
    "/call",
    listed.map(({ id }) => id),
  );
}

function callFailure(
  message: string,
  pointer: string,
  names: readonly string[],
  wanted?: string,
): ScenarioFailure {
  return new ScenarioFailure("SCENARIO.CALL", message, pointer, nameInstead(names, wanted));
}

function callPath(api: ApiConfig, { urlTemplate, method }: OperationConfig, spec: CallSpec): string {
  const given = spec.parameters ?? {};
  const [template = "", query = ""] = urlTemplate.split("?", 2);
  const used = new Set<string>();
  const fill = (text: string): string =>
    text.replace(/\{\*?([^}]+)\}/g, (_, name: string) => {
      used.add(name);
      return encodeURIComponent(given[name] ?? usualValue(name, spec));
    });
  const path = fill(template);
  const base = apiBasePath(api);
  const filled = fill(query);
  const more = Object.entries(given).filter(([name]) => !used.has(name));
  const isGiven = (wanted: string): boolean => more.some(([name]) => name === wanted);
  // A version set may have taken the name for its own versions.
  const isTaken = api.version?.scheme === "Query" && api.version.name === "api-version";
  const hasVersion = /(^|&)api-version=/.test(filled) || isGiven("api-version") || isTaken;
  const usual: QueryParameter[] = hasVersion ? [] : [["api-version", usualVersion]];
  const added = [...usual, ...more, ...versionParameter(api).filter(([name]) => !isGiven(name))];
  const printed = printQuery(added);
  if (method === "") throw new Error("an operation has a method");
  return base + path + (filled === "" ? printed : `?${filled}${printed.replace("?", "&")}`);
}

/** None for the version that callers get without naming one. */
function versionParameter({ version }: ApiConfig): QueryParameter[] {
  return version?.scheme === "Query" && version.value !== "" ? [[version.name, version.value]] : [];
}

/** The same for a header. */
export function versionHeader({ version }: ApiConfig): (readonly [name: string, value: string])[] {
  return version?.scheme === "Header" && version.value !== "" ? [[version.name, version.value]] : [];
}

function usualValue(name: string, { deployment = "gpt-4o" }: CallSpec): string {
  if (/deployment|model/i.test(name)) return deployment;
  return name === "api-version" ? usualVersion : "1";
}

function callHeaders(api: ApiConfig, spec: CallSpec, key: string): (readonly [string, string])[] {
  const { keyNames } = api;
  return [
    [keyNames.header, key] as const,
    ["Content-Type", "application/json"] as const,
    ...versionHeader(api),
    ...Object.entries(spec.headers ?? {}),
  ];
}

function callBody(
  { method, urlTemplate }: OperationConfig,
  spec: CallSpec,
  tokens: CallTokens,
): Uint8Array | undefined {
  if (spec.body !== undefined) {
    return createBody(typeof spec.body === "string" ? spec.body : JSON.stringify(spec.body)).bytes;
  }
  if (method === "GET" || method === "HEAD" || method === "DELETE") return undefined;
  return createBody(JSON.stringify(usualBody(urlTemplate, spec, tokens))).bytes;
}

/** Four characters are a token, as the gateway estimates them. */
function usualBody(urlTemplate: string, spec: CallSpec, tokens: CallTokens): object {
  const { deployment = "gpt-4o", stream, includeUsage } = spec;
  const text = "abc ".repeat(tokens.prompt);
  const most = tokens.max === undefined ? {} : { max_tokens: tokens.max };
  const usage = includeUsage === true ? { stream_options: { include_usage: true } } : {};
  const streams = stream === true ? { stream: true, ...usage } : {};
  switch (callKind(urlTemplate.split("?", 1)[0] ?? "")) {
    case "completions":
      return { prompt: text, ...most, ...streams };
    case "embeddings":
      return { model: deployment, input: text };
    case "responses":
      return { model: deployment, input: text, ...(stream === true ? { stream: true } : {}) };
    case "images":
      return { prompt: text, n: 1 };
    case "chat":
    case "other":
      return { model: deployment, messages: [{ role: "user", content: text }], ...most, ...streams };
  }
}
