/** Backends of type Single (learn.microsoft.com/azure/api-management/backends). */
import { isJsonObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { durationPattern, isoDuration, parseDuration, shortDuration } from "../../spec/duration.ts";
import type { BackendSpec, CircuitBreakerSpec } from "../../spec/schema.ts";
import { parseStatusCodes, writeStatusCode } from "../../spec/status-codes.ts";
import {
  listMember,
  numberMember,
  objectMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import {
  comparedDescription,
  markDescription,
  markInDescription,
  newMark,
  writtenDescription,
} from "../ownership.ts";
import type { Resource } from "../resource.ts";

const ruleName = "breaker";

export const backendKind: KindDefinition = {
  kind: "backend",
  title: "backend",
  normalize: normalizeBackend,
  mark: markInDescription,
  identities: { "circuitBreaker.rules": "name" },
  references: () => [],
};

/** Path of a backend or a pool: they share a collection. */
export function backendPath(id: string): string {
  return `backends/${id}`;
}

/** A spec's backend as the resource that is PUT. The URL's scheme says http or https; `protocol` only knows http and soap. */
export function backendResource(id: string, spec: BackendSpec, owner: string, origin: Location): Resource {
  return {
    kind: "backend",
    id,
    path: backendPath(id),
    body: {
      properties: {
        type: "Single",
        protocol: "http",
        url: spec.url,
        title: spec.title,
        description: markDescription(spec.description, newMark(owner, spec.protected)),
        circuitBreaker:
          spec.circuitBreaker === undefined ? undefined : { rules: [breakerRule(spec.circuitBreaker)] },
      },
    },
    dependsOn: [],
    origin,
  };
}

function breakerRule(spec: CircuitBreakerSpec): JsonObject {
  return {
    name: ruleName,
    failureCondition: {
      count: spec.count,
      percentage: spec.percentage,
      interval: isoDuration(parseDuration(spec.interval)),
      statusCodeRanges: spec.statusCodes === undefined ? undefined : parseStatusCodes(spec.statusCodes),
      errorReasons: spec.errorReasons,
    },
    tripDuration: isoDuration(parseDuration(spec.tripDuration)),
    acceptRetryAfter: spec.acceptRetryAfter,
  };
}

/** The portal spells out what holds anyway. */
const tlsDefaults = { validateCertificateChain: true, validateCertificateName: true };

/** Shared with pools, which live in the same collection. */
export function normalizeBackend(properties: JsonObject): JsonObject {
  const known = withoutDefaults(withoutEmpty(properties), { protocol: "http", type: "Single" });
  const breaker = objectMember(known, "circuitBreaker");
  return withoutEmpty({
    ...without(known, ["description", "circuitBreaker", "tls"]),
    tls: withoutDefaults(objectMember(known, "tls") ?? {}, tlsDefaults),
    ...masked(known, "credentials", ["header", "query", "authorization"]),
    ...masked(known, "proxy", ["password"]),
    ...comparedDescription(known),
    ...(breaker === undefined
      ? {}
      : { circuitBreaker: { rules: listMember(breaker, "rules").map(normalizeRule) } }),
  });
}

/** A property with keys or passwords that somebody put on the backend by hand: they are shown as present, never as text. */
function masked(properties: JsonObject, name: string, secrets: readonly string[]): JsonObject {
  const property = objectMember(properties, name);
  if (property === undefined) return {};
  const shown = Object.entries(property).map(([key, value]): [string, Json | undefined] => [
    key,
    secrets.includes(key) ? "(secret)" : value,
  ]);
  return { [name]: Object.fromEntries(shown) };
}

function normalizeRule(rule: Json): Json {
  if (!isJsonObject(rule)) return rule;
  const condition = objectMember(rule, "failureCondition") ?? {};
  return {
    // The name of the only rule a backend can have carries no meaning.
    ...without(withoutDefaults(rule, { acceptRetryAfter: false }), ["name"]),
    failureCondition: oneSpelling(condition, "interval"),
    ...oneSpelling({ tripDuration: rule.tripDuration }, "tripDuration"),
  };
}

/** PT60S and PT1M are the same time; a spelling that cannot be read is kept. */
function oneSpelling(value: JsonObject, name: string): JsonObject {
  const duration = stringMember(value, name);
  if (duration === undefined || !/^P/.test(duration)) return value;
  return { ...value, [name]: isoDuration(parseDuration(duration)) };
}

/** What a spec says for a live backend. Properties that the language lacks are left out: comparing shows them. */
export function backendSpecOf(properties: JsonObject): BackendSpec {
  const [rule] = listMember(objectMember(properties, "circuitBreaker") ?? {}, "rules");
  return {
    title: stringMember(properties, "title"),
    description: writtenDescription(properties),
    url: stringMember(properties, "url") ?? "",
    circuitBreaker: isJsonObject(rule) ? breakerSpecOf(rule) : undefined,
  };
}

function breakerSpecOf(rule: JsonObject): CircuitBreakerSpec {
  const condition = objectMember(rule, "failureCondition") ?? {};
  const ranges = listMember(condition, "statusCodeRanges").filter(isJsonObject);
  const reasons = listMember(condition, "errorReasons").filter((reason) => typeof reason === "string");
  return {
    count: numberMember(condition, "count"),
    percentage: numberMember(condition, "percentage"),
    interval: durationOf(condition, "interval"),
    statusCodes:
      ranges.length === 0
        ? undefined
        : ranges.map((range) =>
            writeStatusCode({ min: numberMember(range, "min") ?? 0, max: numberMember(range, "max") ?? 0 }),
          ),
    errorReasons: reasons.length === 0 ? undefined : reasons,
    tripDuration: durationOf(rule, "tripDuration"),
    // Also where it is false: the default is known to few.
    acceptRetryAfter: typeof rule.acceptRetryAfter === "boolean" ? rule.acceptRetryAfter : undefined,
  };
}

/** A duration that cannot be read stays as it is: the spec refuses it, with a place. */
function durationOf(value: JsonObject, name: string): string {
  const written = stringMember(value, name) ?? "";
  return durationPattern.test(written) ? shortDuration(parseDuration(written)) : written;
}
