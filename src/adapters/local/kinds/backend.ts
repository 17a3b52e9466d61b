/** Backends of both types. Wordings in quotes are the service's own, from the reports that are named. */
import type { Json, JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { namedValueNames } from "../../../core/policy/references.ts";
import { fieldError } from "../errors.ts";
import { findNamedValue, textsIn } from "../references.ts";
import type { ServiceStore } from "../service-store.ts";
import { keyOf } from "../stored.ts";
import type { Fault } from "../validate.ts";
import {
  accept,
  boolean,
  duration,
  fields,
  integer,
  isList,
  list,
  number,
  oneOf,
  record,
  text,
  textOf,
} from "../validate.ts";
import { acceptPool, sharedChecks } from "./backend-pool.ts";
import { refuseWhenUsed } from "./in-use.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { idRule, respondAsStored } from "./kind.ts";

export const backendKind: ResourceKind = {
  collection: "backends",
  title: "Backend",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  // Names with a dot are refused (Azure-Samples/ai-hub-gateway-solution-accelerator#79); the swagger has no pattern.
  checkId: idRule("backendId", 80, /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/),
  accept: acceptBackend,
  respond: respondAsStored,
  refuseDelete: (service, stored) => refuseWhenUsed(service, stored, "Backend"),
};

/** Which of two reports applies depends on type: a pool must not have what a single backend must have (Azure/bicep#14097). */
function acceptBackend(input: WriteInput): Accepted {
  const given = accept(input.sent, fields({ type: oneOf(["Single", "Pool"]) }));
  return given["type"] === "Pool" ? acceptPool(given, input) : acceptSingle(given, input);
}

const credentials = fields({
  certificateIds: list(text(), 0, 32),
  certificate: list(unknownCertificate, 0, 32),
  query: record(list(text())),
  header: record(list(text())),
  authorization: fields({ scheme: text({ min: 1, max: 100 }), parameter: text({ min: 1, max: 300 }) }, [
    "scheme",
    "parameter",
  ]),
});

/** Thumbprints name certificates of the service, and the local APIM keeps none. */
function unknownCertificate(value: Json, target: string, faults: Fault[]): void {
  faults.push({ target, message: `Certificate with thumbprint '${textOf(value) ?? ""}' not found.` });
}

const statusRange = fields({ min: integer(200, 599), max: integer(200, 599) }, ["min", "max"]);

const failureCondition = fields(
  {
    count: integer(1, 10_000),
    percentage: number(1, 100),
    interval: duration,
    statusCodeRanges: list(statusRange, 0, 10),
    errorReasons: list(text({ max: 200 }), 0, 10),
  },
  ["interval"],
);

const breakerRule = fields(
  { name: text({ min: 1, max: 80 }), failureCondition, tripDuration: duration, acceptRetryAfter: boolean },
  ["name", "tripDuration"],
);

const singleChecks = fields(
  {
    ...sharedChecks,
    url: text({ min: 1, max: 2000 }),
    // Azure/bicep#14093
    protocol: oneOf(["http", "soap"], "Protocol is not supported"),
    credentials,
    proxy: fields({ url: text({ min: 1, max: 2000 }), username: text(), password: text() }, ["url"]),
    tls: fields({ validateCertificateChain: boolean, validateCertificateName: boolean }),
    circuitBreaker: fields({ rules: list(breakerRule) }),
    properties: fields({
      serviceFabricCluster: fields(
        { managementEndpoints: list(text()), maxPartitionResolutionRetries: integer() },
        ["managementEndpoints"],
      ),
    }),
  },
  // `'protocol' should not be empty.` is Azure/azure-powershell#26837
  ["url", "protocol"],
);

function acceptSingle(given: JsonObject, { service }: WriteInput): Accepted {
  accept(given, singleChecks, (value, _, faults) => {
    if (!isJsonObject(value)) return;
    checkUrl(textOf(value["url"]) ?? "", faults);
    checkTls(value["tls"], faults);
    checkBreaker(value["circuitBreaker"], faults);
    if (value["pool"] !== undefined)
      faults.push({ target: "pool", message: "Pool is not supported for a backend of type Single." });
  });
  return {
    properties: {
      title: null,
      description: null,
      ...given,
      type: "Single",
      ...(given["circuitBreaker"] === undefined
        ? {}
        : { circuitBreaker: withBreakerDefaults(given["circuitBreaker"]) }),
    },
    uses: credentialReferences(service, given["credentials"]),
  };
}

function checkUrl(url: string, faults: Fault[]): void {
  if (url === "" || /^fabric:\//i.test(url)) return;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    faults.push({ target: "url", message: `'${url}' is not an absolute http or https URL.` });
  }
}

/** With a tls object both of its members must be there (Azure/azure-powershell#29209). */
function checkTls(tls: Json | undefined, faults: Fault[]): void {
  if (!isJsonObject(tls)) return;
  for (const name of ["validateCertificateChain", "validateCertificateName"]) {
    if (typeof tls[name] !== "boolean")
      faults.push({ target: `tls.${name}`, message: "Default backend property required" });
  }
}

/** One rule (MicrosoftDocs/azure-docs#123514) that has a failure condition (Azure/apiops-cli#147). */
function checkBreaker(breaker: Json | undefined, faults: Fault[]): void {
  const rules = isJsonObject(breaker) && isList(breaker["rules"]) ? breaker["rules"] : [];
  if (rules.length > 1)
    faults.push({ target: "circuitBreaker.rules", message: "Only one circuit breaker rule is supported." });
  rules.forEach((rule, index) => {
    const target = `circuitBreaker.rules[${index}].failureCondition`;
    const condition = isJsonObject(rule) ? rule["failureCondition"] : undefined;
    if (
      !isJsonObject(condition) ||
      (typeof condition["count"] !== "number" && typeof condition["percentage"] !== "number")
    ) {
      faults.push({ target, message: "failureCondition must not be empty" });
      return;
    }
    const ranges = isList(condition["statusCodeRanges"])
      ? condition["statusCodeRanges"].filter(isJsonObject)
      : [];
    if (ranges.some((range) => Number(range["min"]) > Number(range["max"]))) {
      faults.push({ target: `${target}.statusCodeRanges`, message: "'min' must not be greater than 'max'." });
    }
  });
}

function withBreakerDefaults(breaker: Json): Json {
  if (!isJsonObject(breaker) || !isList(breaker["rules"])) return breaker;
  const rules = breaker["rules"].map((rule) =>
    isJsonObject(rule) ? { acceptRetryAfter: false, ...rule } : rule,
  );
  return { ...breaker, rules };
}

function credentialReferences(service: ServiceStore, value: Json | undefined): string[] {
  const names = textsIn(value).flatMap(namedValueNames);
  return names.map((name) => {
    const found = findNamedValue(service, name);
    if (found === undefined) throw fieldError("credentials", `Cannot find a property '${name}'`);
    return keyOf(found.path);
  });
}
