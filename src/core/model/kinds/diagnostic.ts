/** Diagnostics of an API: what it sends to a logger. They belong to the owner of the API. */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { serviceArmId } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import type { DiagnosticSpec } from "../../spec/schema.ts";
import {
  lastSegment,
  objectMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import type { Resource } from "../resource.ts";
import { apiPath } from "./api.ts";
import { loggerPath } from "./logger.ts";

export const diagnosticKind: KindDefinition = {
  kind: "diagnostic",
  title: "diagnostic",
  normalize,
  manages: () => ["loggerId", "sampling", "verbosity", "logClientIp", "alwaysLog", "httpCorrelationProtocol"],
  identities: {},
  references: (properties) => {
    const logger = stringMember(properties, "loggerId");
    return logger === undefined ? [] : [loggerPath(lastSegment(logger))];
  },
};

/** The two diagnostics an API can have, by the service's ids. */
export const diagnosticIds = {
  applicationInsights: "applicationinsights",
  azureMonitor: "azuremonitor",
} as const;

export function diagnosticResource(
  api: string,
  name: keyof typeof diagnosticIds,
  spec: DiagnosticSpec,
  service: ServiceRef,
  origin: Location,
): Resource {
  return {
    kind: "diagnostic",
    id: `${api}/${diagnosticIds[name]}`,
    path: `${apiPath(api)}/diagnostics/${diagnosticIds[name]}`,
    body: {
      properties: {
        loggerId: `${serviceArmId(service)}/${loggerPath(spec.logger)}`,
        sampling: { samplingType: "fixed", percentage: spec.sampling ?? 100 },
        verbosity: spec.verbosity ?? "information",
        logClientIp: spec.logClientIp,
        alwaysLog: spec.alwaysLogErrors === true ? "allErrors" : undefined,
        httpCorrelationProtocol: spec.correlationProtocol,
      },
    },
    dependsOn: [apiPath(api), loggerPath(spec.logger)],
    origin,
  };
}

function normalize(properties: JsonObject): JsonObject {
  const known = withoutDefaults(withoutEmpty(properties), {
    logClientIp: false,
    httpCorrelationProtocol: "Legacy",
  });
  const logger = stringMember(known, "loggerId");
  const sampling = objectMember(known, "sampling");
  return withoutEmpty({
    ...without(known, ["loggerId", "sampling"]),
    loggerId: logger === undefined ? undefined : lastSegment(logger),
    sampling: sampling === undefined ? undefined : without(sampling, ["samplingType"]),
  });
}
