/**
 * Diagnostics: what an API, or every API of the service, sends to a logger. They carry no mark: those of an API belong to its
 * owner, those of the service to nobody.
 */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { baseArmId } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import type { DiagnosticSpec } from "../../spec/schema.ts";
import {
  lastSegment,
  numberMember,
  objectMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import type { Resource } from "../resource.ts";
import { apiPath } from "./api.ts";
import { llmBody, llmSpecOf, normalizeLlm } from "./logged-llm.ts";
import { loggedMessages, loggedMessagesOf, normalizeSide } from "./logged-messages.ts";
import { loggerPath } from "./logger.ts";

const decided = ["metrics", "operationNameFormat", "largeLanguageModel", "frontend", "backend"];

export const diagnosticKind: KindDefinition = {
  kind: "diagnostic",
  title: "diagnostic",
  normalize,
  manages: (desired) => [
    "loggerId",
    "sampling",
    "verbosity",
    "logClientIp",
    "alwaysLog",
    "httpCorrelationProtocol",
    // What of messages is sent, and how: only where the spec says so.
    ...decided.filter((name) => desired[name] !== undefined),
  ],
  identities: {
    "frontend.request.dataMasking.headers": "value",
    "frontend.request.dataMasking.queryParams": "value",
    "frontend.response.dataMasking.headers": "value",
    "frontend.response.dataMasking.queryParams": "value",
    "backend.request.dataMasking.headers": "value",
    "backend.request.dataMasking.queryParams": "value",
    "backend.response.dataMasking.headers": "value",
    "backend.response.dataMasking.queryParams": "value",
  },
  references: (properties) => {
    const logger = stringMember(properties, "loggerId");
    return logger === undefined ? [] : [loggerPath(lastSegment(logger))];
  },
};

/** The two diagnostics that an API, or the service, can have, by the service's ids. */
export const diagnosticIds = {
  applicationInsights: "applicationinsights",
  azureMonitor: "azuremonitor",
} as const;

export type DiagnosticName = keyof typeof diagnosticIds;

export const diagnosticNames: readonly DiagnosticName[] = ["applicationInsights", "azureMonitor"];

/** ARM path of a diagnostic of the service. */
function serviceDiagnosticPath(name: DiagnosticName): string {
  return `diagnostics/${diagnosticIds[name]}`;
}

/** The first api-version that knows `largeLanguageModel` (Azure-Samples/AI-Gateway, inference-api.bicep); there is no stable one. */
export const llmApiVersion = "2024-06-01-preview";

/** Whether a path is that of a diagnostic, of an API or of the service, or of all of one's. */
export function isDiagnosticPath(path: string): boolean {
  return /^(?:apis\/[^/]+\/)?diagnostics(?:\/[^/]+)?$/i.test(path);
}

/** Whether a path is that of a diagnostic of the service. */
export function isServiceDiagnostic(path: string): boolean {
  return /^diagnostics\/[^/]+$/i.test(path);
}

/** A diagnostic of an API. */
export function diagnosticResource(
  api: string,
  name: DiagnosticName,
  spec: DiagnosticSpec,
  service: ServiceRef,
  origin: Location,
): Resource {
  return {
    kind: "diagnostic",
    id: `${api}/${diagnosticIds[name]}`,
    path: `${apiPath(api)}/diagnostics/${diagnosticIds[name]}`,
    body: diagnosticBody(spec, service),
    dependsOn: [apiPath(api), loggerPath(spec.logger)],
    origin,
  };
}

/** A diagnostic of the service, which counts for each API without one of its own. */
export function serviceDiagnosticResource(
  name: DiagnosticName,
  spec: DiagnosticSpec,
  service: ServiceRef,
  origin: Location,
): Resource {
  return {
    kind: "diagnostic",
    id: diagnosticIds[name],
    path: serviceDiagnosticPath(name),
    body: diagnosticBody(spec, service),
    dependsOn: [loggerPath(spec.logger)],
    origin,
  };
}

function diagnosticBody(spec: DiagnosticSpec, service: ServiceRef): JsonObject {
  return {
    properties: {
      loggerId: `${baseArmId(service)}/${loggerPath(spec.logger)}`,
      sampling: { samplingType: "fixed", percentage: spec.sampling ?? 100 },
      verbosity: spec.verbosity ?? "information",
      logClientIp: spec.logClientIp,
      alwaysLog: spec.alwaysLogErrors === true ? "allErrors" : undefined,
      httpCorrelationProtocol: spec.correlationProtocol,
      metrics: spec.metrics,
      operationNameFormat: spec.operationName,
      largeLanguageModel: llmBody(spec.llm),
      ...loggedMessages(spec),
    },
  };
}

function normalize(properties: JsonObject): JsonObject {
  // Everything at level information is what a diagnostic that says neither sends, too.
  const known = withoutDefaults(withoutEmpty(properties), {
    logClientIp: false,
    httpCorrelationProtocol: "Legacy",
    verbosity: "information",
    operationNameFormat: "Name",
    metrics: false,
  });
  const logger = stringMember(known, "loggerId");
  const sampling = objectMember(known, "sampling");
  return withoutEmpty({
    ...without(known, ["loggerId", "sampling", "largeLanguageModel", "frontend", "backend"]),
    loggerId: logger === undefined ? undefined : lastSegment(logger),
    sampling:
      sampling === undefined
        ? undefined
        : withoutDefaults(without(sampling, ["samplingType"]), { percentage: 100 }),
    largeLanguageModel: normalizeLlm(objectMember(known, "largeLanguageModel")),
    frontend: normalizeSide(objectMember(known, "frontend")),
    backend: normalizeSide(objectMember(known, "backend")),
  });
}

/** What a spec says for a live diagnostic. */
export function diagnosticSpecOf(properties: JsonObject): DiagnosticSpec {
  const sampling = numberMember(objectMember(properties, "sampling") ?? {}, "percentage");
  const verbosity = verbosities.find((each) => each === properties.verbosity);
  const correlation = protocols.find((each) => each === properties.httpCorrelationProtocol);
  return {
    logger: lastSegment(stringMember(properties, "loggerId") ?? ""),
    sampling: sampling === 100 ? undefined : sampling,
    verbosity: verbosity === "information" ? undefined : verbosity,
    logClientIp: properties.logClientIp === true ? true : undefined,
    alwaysLogErrors: properties.alwaysLog === "allErrors" ? true : undefined,
    correlationProtocol: correlation === "Legacy" ? undefined : correlation,
    metrics: properties.metrics === true ? true : undefined,
    operationName: properties.operationNameFormat === "Url" ? "Url" : undefined,
    llm: llmSpecOf(objectMember(properties, "largeLanguageModel")),
    ...loggedMessagesOf(properties),
  };
}

const verbosities = ["error", "information", "verbose"] as const;
const protocols = ["None", "Legacy", "W3C"] as const;
