import { randomBytes } from "node:crypto";
import type { Json, JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { namedValueNames } from "../../../core/policy/references.ts";
import { fieldError } from "../errors.ts";
import { findNamedValue } from "../references.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { keyOf, newEtag } from "../stored.ts";
import { accept, boolean, fields, oneOf, record, text, textOf } from "../validate.ts";
import { refuseWhenUsed } from "./in-use.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

/**
 * Loggers. Credentials are moved into secret named values of the service's making, a new one with every write that gives
 * them in clear, and the old ones stay behind (Azure/azure-powershell#12228).
 */
export const loggerKind: ResourceKind = {
  collection: "loggers",
  title: "Logger",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("loggerId", 256, commonIdPattern),
  accept: acceptLogger,
  respond: respondAsStored,
  refuseDelete: (service, stored) => refuseWhenUsed(service, stored, "Logger"),
};

const checks = fields(
  {
    loggerType: oneOf(["azureEventHub", "applicationInsights", "azureMonitor"]),
    description: text({ max: 256 }),
    credentials: record(text({ min: 1 })),
    isBuffered: boolean,
    resourceId: text(),
  },
  ["loggerType"],
);

/** Credentials that are no secrets and stay as they are. */
const openCredentials = new Set(["name", "endpointAddress", "identityClientId"]);

function acceptLogger({ service, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const credentials = isJsonObject(given["credentials"]) ? given["credentials"] : {};
  const missing = missingCredential(textOf(given["loggerType"]) ?? "", credentials);
  if (missing !== undefined) throw fieldError("credentials", `'${missing}' should not be empty.`);
  const kept = Object.entries(credentials).map(([name, value]) =>
    keepCredential(service, name, textOf(value) ?? ""),
  );
  return {
    properties: {
      loggerType: given["loggerType"] ?? null,
      description: given["description"] ?? null,
      credentials: Object.fromEntries(kept.map(({ name, value }): [string, Json] => [name, value])),
      isBuffered: given["isBuffered"] ?? true,
      resourceId: given["resourceId"] ?? null,
    },
    uses: kept.flatMap(({ uses }) => uses),
    alongside: kept.flatMap(({ made }) => made),
  };
}

function missingCredential(loggerType: string, credentials: JsonObject): string | undefined {
  const has = (name: string) => credentials[name] !== undefined;
  if (loggerType === "applicationInsights") {
    return has("instrumentationKey") || has("connectionString") ? undefined : "instrumentationKey";
  }
  if (loggerType !== "azureEventHub") return undefined;
  if (!has("name")) return "name";
  if (has("connectionString")) return undefined;
  return has("endpointAddress") ? undefined : "connectionString";
}

type Kept = { name: string; value: string; uses: readonly string[]; made: readonly Stored[] };

function keepCredential(service: ServiceStore, name: string, value: string): Kept {
  const references = namedValueNames(value);
  if (references.length > 0) {
    const uses = references.map((reference) => {
      const found = findNamedValue(service, reference);
      if (found === undefined) throw fieldError("credentials", `Cannot find a property '${reference}'`);
      return keyOf(found.path);
    });
    return { name, value, uses, made: [] };
  }
  if (openCredentials.has(name)) return { name, value, uses: [], made: [] };
  const made = credentialValue(value);
  return {
    name,
    value: `{{${textOf(made.properties["displayName"]) ?? ""}}}`,
    uses: [keyOf(made.path)],
    made: [made],
  };
}

function credentialValue(value: string): Stored {
  const id = randomBytes(12).toString("hex");
  return {
    path: `namedValues/${id}`,
    etag: newEtag(),
    properties: {
      displayName: `Logger-Credentials--${id}`,
      tags: [],
      provisioningState: "Succeeded",
      secret: true,
    },
    secrets: { value },
    uses: [],
  };
}
