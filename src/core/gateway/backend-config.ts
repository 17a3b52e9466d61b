/** Backends and pools as the gateway uses them, from the bodies that ARM has (2024-05-01). */
import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { lastSegment, listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import { isPool } from "../model/kinds/pool.ts";
import { parseDuration } from "../spec/duration.ts";
import type { StatusRange } from "../spec/status-codes.ts";
import type { BreakerRule } from "./breaker.ts";
import { parseUrl } from "./message.ts";
import type { GatewayUrl } from "./message.ts";

/** What the gateway adds to every call to the backend. */
export type BackendCredentials = {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Resource of the managed identity's token. */
  readonly managedIdentity: string | undefined;
};

export type SingleBackend = {
  readonly kind: "single";
  readonly id: string;
  readonly url: string;
  /** The same in parts; undefined when it is no address. */
  readonly address: GatewayUrl | undefined;
  readonly credentials: BackendCredentials | undefined;
  readonly breaker: BreakerRule | undefined;
};

export type PoolMember = { readonly backend: string; readonly priority: number; readonly weight: number };

export type PoolBackend = {
  readonly kind: "pool";
  readonly id: string;
  readonly members: readonly PoolMember[];
  /** Name of the cookie that keeps a caller on one member. */
  readonly sessionCookie: string | undefined;
};

export type BackendConfig = SingleBackend | PoolBackend;

/** Reads `properties` of an entry of the `backends` collection. */
export function backendConfig(id: string, properties: JsonObject): BackendConfig {
  return isPool(properties) ? poolConfig(id, properties) : singleConfig(id, properties);
}

function poolConfig(id: string, properties: JsonObject): PoolBackend {
  const pool = objectMember(properties, "pool") ?? {};
  const session = objectMember(objectMember(pool, "sessionAffinity") ?? {}, "sessionId") ?? {};
  return {
    kind: "pool",
    id,
    members: objects(listMember(pool, "services")).map((service) => ({
      backend: lastSegment(stringMember(service, "id") ?? ""),
      // Members without a priority are one group, and a weight that is left out is 1 [observed, inferred].
      priority: numberMember(service, "priority") ?? 0,
      weight: numberMember(service, "weight") ?? 1,
    })),
    sessionCookie: stringMember(session, "name"),
  };
}

function singleConfig(id: string, properties: JsonObject): SingleBackend {
  const url = (stringMember(properties, "url") ?? "").replace(/\/+$/, "");
  const [rule] = objects(listMember(objectMember(properties, "circuitBreaker") ?? {}, "rules"));
  const credentials = objectMember(properties, "credentials");
  return {
    kind: "single",
    id,
    url,
    address: parseUrl(url),
    credentials: credentials === undefined ? undefined : credentialsConfig(credentials),
    breaker: rule === undefined ? undefined : breakerRule(rule),
  };
}

function breakerRule(rule: JsonObject): BreakerRule {
  const condition = objectMember(rule, "failureCondition") ?? {};
  return {
    count: numberMember(condition, "count"),
    percentage: numberMember(condition, "percentage"),
    intervalMilliseconds: parseDuration(stringMember(condition, "interval") ?? "PT0S"),
    statusRanges: objects(listMember(condition, "statusCodeRanges")).flatMap(statusRange),
    errorReasons: texts(listMember(condition, "errorReasons")),
    tripMilliseconds: parseDuration(stringMember(rule, "tripDuration") ?? "PT0S"),
    acceptRetryAfter: rule.acceptRetryAfter === true,
  };
}

function statusRange(range: JsonObject): StatusRange[] {
  const min = numberMember(range, "min");
  const max = numberMember(range, "max") ?? min;
  return min === undefined || max === undefined ? [] : [{ min, max }];
}

function credentialsConfig(credentials: JsonObject): BackendCredentials {
  const authorization = objectMember(credentials, "authorization");
  const scheme = authorization === undefined ? undefined : stringMember(authorization, "scheme");
  const parameter = authorization === undefined ? undefined : stringMember(authorization, "parameter");
  return {
    headers: [
      ...valueLists(objectMember(credentials, "header")),
      ...(scheme === undefined ? [] : [["Authorization", `${scheme} ${parameter ?? ""}`.trim()] as const]),
    ],
    query: valueLists(objectMember(credentials, "query")),
    managedIdentity: stringMember(objectMember(credentials, "managedIdentity") ?? {}, "resource"),
  };
}

function valueLists(lists: JsonObject | undefined): (readonly [string, string])[] {
  return Object.entries(lists ?? {}).flatMap(([name, values]) =>
    (Array.isArray(values) ? texts(values) : []).map((value) => [name, value] as const),
  );
}

function objects(list: readonly Json[]): JsonObject[] {
  return list.filter((item: Json): item is JsonObject => isJsonObject(item));
}

function texts(list: readonly unknown[]): string[] {
  return list.filter((item): item is string => typeof item === "string");
}

function numberMember(value: JsonObject, name: string): number | undefined {
  const member = value[name];
  return typeof member === "number" ? member : undefined;
}
