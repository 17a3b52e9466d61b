/** Diagnostics of an API: what it sends to a logger. They belong to the owner of the API. */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { serviceArmId } from "../../ports.ts";
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
  // Everything at level information is what a diagnostic that says neither sends, too.
  const known = withoutDefaults(withoutEmpty(properties), {
    logClientIp: false,
    httpCorrelationProtocol: "Legacy",
    verbosity: "information",
  });
  const logger = stringMember(known, "loggerId");
  const sampling = objectMember(known, "sampling");
  return withoutEmpty({
    ...without(known, ["loggerId", "sampling"]),
    loggerId: logger === undefined ? undefined : lastSegment(logger),
    sampling:
      sampling === undefined
        ? undefined
        : withoutDefaults(without(sampling, ["samplingType"]), { percentage: 100 }),
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
  };
}

const verbosities = ["error", "information", "verbose"] as const;
const protocols = ["None", "Legacy", "W3C"] as const;
