import type { Json, JsonObject } from "../json.ts";
import { objectMember } from "./kind-definition.ts";
import { isSecretNamedValue } from "./kinds/named-value.ts";
import type { Resource } from "./resource.ts";

export const secretText = "(secret)";

/**
 * The body with secrets replaced by `(secret)`, for everything that is shown or written to disk. References to named values are
 * no secrets.
 */
export function maskSecrets({ kind, body }: Resource): JsonObject {
  const properties = objectMember(body, "properties");
  if (properties === undefined) return body;
  if (kind === "namedValue" && isSecretNamedValue(properties) && properties.value !== undefined) {
    return { ...body, properties: { ...properties, value: secretText } };
  }
  const credentials = objectMember(properties, "credentials");
  if (kind !== "logger" || credentials === undefined) return body;
  const masked = Object.entries(credentials).map(([name, value]): [string, Json | undefined] => [
    name,
    maskCredential(name, value),
  ]);
  return { ...body, properties: { ...properties, credentials: Object.fromEntries(masked) } };
}

function maskCredential(name: string, value: Json | undefined): Json | undefined {
  const isSecretName = name === "connectionString" || name === "instrumentationKey";
  return isSecretName && typeof value === "string" && !value.startsWith("{{") ? secretText : value;
}
