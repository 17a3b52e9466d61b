import { childElements } from "../../policy/tree.ts";
import { contentReader, flagReader, requiredNumber } from "../attributes.ts";
import type { GatewayResponse } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { note } from "../exchange.ts";
import { createBody } from "../message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { queryValue } from "../query.ts";
import type { Value } from "../expression/values.ts";
import { isObjectValue } from "../expression/values.ts";

/** The variable of the request that tells the store under which key the lookup has looked; not a name that a policy can have. */
const keyVariable = "\u0000cache-key";

export const cacheLookup: PolicyRunner = {
  name: "cache-lookup",
  fidelity: {
    level: "partial",
    notes: [
      ["Answers GET requests from the cache, by address and by what it varies by.", "documented"],
      ["After a hit neither the backend nor other policies run.", "inferred"],
      ["Requests with `Authorization` are passed over unless private responses may be cached.", "documented"],
      ["Developers and groups are not known here; `downstream-caching-type` sets no headers.", "documented"],
    ],
  },
  prepare: (element) => {
    const allowsPrivate = flagReader(element, "allow-private-response-caching", false);
    const varies = (name: string) =>
      childElements(element)
        .filter((child) => child.name === name)
        .map(contentReader);
    const headers = varies("vary-by-header");
    const parameters = varies("vary-by-query-parameter");
    return (exchange) => {
      const { context, instance, now } = exchange;
      const { request } = context;
      const isPrivate = request.headers.has("Authorization") && !allowsPrivate(exchange);
      if (request.method !== "GET" || isPrivate) return undefined;
      const named = parameters.flatMap((read) => read(exchange).split(";"));
      const { host, path, queryString } = request.originalUrl;
      const query =
        named.length === 0 ? queryString : named.map((name) => queryValue(queryString, name) ?? "").join("&");
      const varied = headers.map((read) => request.headers.get(read(exchange))?.join(",") ?? "");
      const key = ["response", host, path, query, ...varied].join("\n");
      context.variables.set(keyVariable, key);
      const found = instance.cache.get(key);
      const response = found === undefined || found.until <= now() ? undefined : storedResponse(found.value);
      note(exchange, () => (response === undefined ? "not in the cache" : "found in the cache"));
      if (response === undefined) return undefined;
      context.response = copyResponse(response);
      exchange.answeredBy = null;
      exchange.isEnded = true;
      return undefined;
    };
  },
};

export const cacheStore: PolicyRunner = {
  name: "cache-store",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Keeps the answer for a cache-lookup of the same request: 200, or all with `cache-response`.",
        "documented",
      ],
    ],
  },
  prepare: (element) => {
    const duration = requiredNumber(element, "duration");
    const keepsAll = flagReader(element, "cache-response", false);
    return (exchange) => {
      const { response, variables } = exchange.context;
      const key = variables.get(keyVariable);
      if (typeof key !== "string" || response === null) return undefined;
      if (response.statusCode !== 200 && !keepsAll(exchange)) return undefined;
      store(exchange, key, response, duration(exchange));
      return undefined;
    };
  },
};

function store({ instance, now }: Exchange, key: string, response: GatewayResponse, seconds: number): void {
  instance.cache.set(key, { value: copyResponse(response), until: now() + seconds * 1000 });
}

/** The answer as it is now: what is changed on it later is another. */
export function copyResponse(response: GatewayResponse): GatewayResponse {
  const { headers, body } = response;
  return { ...response, headers: headers.copy(), body: body === null ? null : createBody(body.bytes) };
}

function storedResponse(value: Value): GatewayResponse | undefined {
  return isObjectValue(value) && isResponse(value) ? value : undefined;
}

function isResponse(value: { readonly kind: string }): value is GatewayResponse {
  return value.kind === "IResponse";
}
