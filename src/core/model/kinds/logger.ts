/**
 * Loggers. The service moves credentials into named values of its own (`{{Logger-Credentials--…}}`) and returns the
 * reference, so credentials can be compared only where the spec names a named value too.
 */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import type { LoggerSpec } from "../../spec/schema.ts";
import { objectMember, stringMember, without, withoutDefaults, withoutEmpty } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import {
  comparedDescription,
  markDescription,
  markInDescription,
  newMark,
  writtenDescription,
} from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const loggerKind: KindDefinition = {
  kind: "logger",
  title: "logger",
  normalize,
  mark: markInDescription,
  identities: {},
  references: () => [],
};

export function loggerPath(id: string): string {
  return `loggers/${id}`;
}

export function loggerResource(id: string, spec: LoggerSpec, owner: string, origin: Location): Resource {
  return {
    kind: "logger",
    id,
    path: loggerPath(id),
    body: {
      properties: {
        ...target(spec),
        description: markDescription(spec.description, newMark(owner, spec.protected)),
      },
    },
    dependsOn: [],
    origin,
  };
}

function target(spec: LoggerSpec): JsonObject {
  const { applicationInsights, eventHub } = spec;
  if (applicationInsights !== undefined) {
    const { resourceId, connectionString, instrumentationKey } = applicationInsights;
    return {
      loggerType: "applicationInsights",
      resourceId,
      credentials: connectionString === undefined ? { instrumentationKey } : { connectionString },
    };
  }
  if (eventHub !== undefined) {
    const { name, connectionString, endpointAddress, identityClientId } = eventHub;
    return {
      loggerType: "azureEventHub",
      credentials: { name, connectionString, endpointAddress, identityClientId },
    };
  }
  return { loggerType: "azureMonitor" };
}

function normalize(properties: JsonObject): JsonObject {
  const known = withoutDefaults(withoutEmpty(properties), { isBuffered: true });
  return withoutEmpty({
    ...without(known, ["credentials", "description"]),
    ...comparedDescription(known),
    credentials: readableCredentials(objectMember(known, "credentials") ?? {}),
  });
}

/** Credentials that mean the same on both sides: references to named values that people made, and plain addresses. */
function readableCredentials(credentials: JsonObject): JsonObject {
  const plain = ["name", "endpointAddress", "identityClientId"];
  return Object.fromEntries(
    Object.entries(credentials).filter(([key, value]) => {
      if (typeof value !== "string" || value.startsWith("{{Logger-Credentials")) return false;
      return plain.includes(key) || isNamedValueReference(value);
    }),
  );
}

/** Credentials of the desired side that the service will never return. */
export function hasUnreadableCredentials(properties: JsonObject): boolean {
  const credentials = objectMember(properties, "credentials") ?? {};
  return ["connectionString", "instrumentationKey"].some((key) => {
    const value = credentials[key];
    return typeof value === "string" && !isNamedValueReference(value);
  });
}

function isNamedValueReference(value: string): boolean {
  return /^\{\{[A-Za-z0-9\-._]+\}\}$/.test(value);
}

/**
 * What a spec says for a live logger. Credentials are references, if only to named values that the service made; one that is
 * returned in clear is left out, so that no secret reaches a file.
 */
export function loggerSpecOf(properties: JsonObject): LoggerSpec {
  const credentials = objectMember(properties, "credentials") ?? {};
  const description = writtenDescription(properties);
  const connectionString = referenceIn(credentials, "connectionString");
  const type = stringMember(properties, "loggerType");
  if (type === "applicationInsights") {
    const instrumentationKey = referenceIn(credentials, "instrumentationKey");
    const resourceId = stringMember(properties, "resourceId");
    return { description, applicationInsights: { resourceId, connectionString, instrumentationKey } };
  }
  if (type !== "azureEventHub") return { description, azureMonitor: {} };
  const name = stringMember(credentials, "name") ?? "";
  const endpointAddress = stringMember(credentials, "endpointAddress");
  const identityClientId = stringMember(credentials, "identityClientId");
  return { description, eventHub: { name, connectionString, endpointAddress, identityClientId } };
}

function referenceIn(credentials: JsonObject, name: string): string | undefined {
  const value = stringMember(credentials, name);
  return value !== undefined && isNamedValueReference(value) ? value : undefined;
}
