/** The service's own resource: what every service is, and what somebody has made of it by PATCH: identity, tier, network. */
import { v5 as uuid } from "uuid";
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { serviceArmId } from "../../core/ports.ts";
import type { ServiceRef } from "../../core/ports.ts";
import type { Answer } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import { ArmError, methodNotAllowed } from "./errors.ts";

/** Any will do: it makes principals that are the same for the same service on every machine. */
const principalNamespace = "c1a94d3e-6f4b-5a67-8a55-0d2ce2b6a8de";

export function handleService(method: string, ref: ServiceRef, arm: ArmStore, sent: unknown): Answer {
  switch (method) {
    case "GET":
      return { status: 200, body: serviceBody(ref, arm) };
    case "PATCH": {
      if (!isJsonObject(sent))
        throw new ArmError(400, "InvalidRequestContent", "The request body must be a JSON object.");
      const id = serviceArmId(ref);
      arm.put({ id, body: patched(arm.get(id)?.body ?? {}, sent) });
      return { status: 200, body: serviceBody(ref, arm) };
    }
    default:
      throw methodNotAllowed(method, ["GET", "PATCH"]);
  }
}

/** Of what can be patched, what was last said: an identity and a SKU as a whole, properties one by one. */
function patched(before: JsonObject, { identity, sku, properties }: JsonObject): JsonObject {
  const kept = isJsonObject(before["properties"]) ? before["properties"] : {};
  return {
    ...before,
    ...(isJsonObject(identity) ? { identity } : {}),
    ...(isJsonObject(sku) ? { sku } : {}),
    properties: { ...kept, ...(isJsonObject(properties) ? properties : {}) },
  };
}

function serviceBody(ref: ServiceRef, arm: ArmStore): JsonObject {
  const { name } = ref;
  const settings = arm.get(serviceArmId(ref))?.body ?? {};
  const given = isJsonObject(settings["properties"]) ? settings["properties"] : {};
  const identity = identityOf(ref, settings["identity"]);
  return {
    id: serviceArmId(ref),
    name,
    type: "Microsoft.ApiManagement/service",
    tags: {},
    location: "Local",
    etag: "AAAAAAAAAAE=",
    properties: {
      publisherEmail: "nobody@example.com",
      publisherName: "Local APIM",
      provisioningState: "Succeeded",
      targetProvisioningState: "",
      gatewayUrl: `https://${name}.azure-api.net`,
      publicNetworkAccess: "Enabled",
      virtualNetworkType: "None",
      disableGateway: false,
      apiVersionConstraint: { minApiVersion: null },
      platformVersion: "undetermined",
      ...given,
    },
    // The tier that lint assumes when none is given.
    sku: settings["sku"] ?? { name: "StandardV2", capacity: 1 },
    ...(identity === undefined ? {} : { identity }),
  };
}

/** With the ids that Azure gives to identities. A service that nobody has patched has one of its own. */
function identityOf(ref: ServiceRef, set: JsonObject[string]): JsonObject | undefined {
  const wanted = isJsonObject(set) ? set : { type: "SystemAssigned" };
  const type = typeof wanted["type"] === "string" ? wanted["type"] : "None";
  if (type === "None") return undefined;
  const users = isJsonObject(wanted["userAssignedIdentities"]) ? wanted["userAssignedIdentities"] : {};
  const system = /\bSystemAssigned\b/i.test(type);
  return {
    type,
    principalId: system ? idFor(serviceArmId(ref)) : null,
    tenantId: system ? idFor("tenant") : null,
    ...(Object.keys(users).length === 0
      ? {}
      : {
          userAssignedIdentities: Object.fromEntries(
            Object.entries(users).map(([id, value]) => [
              id,
              {
                principalId: idFor(`${id}/principal`),
                clientId: idFor(`${id}/client`),
                ...(isJsonObject(value) ? value : {}),
              },
            ]),
          ),
        }),
  };
}

function idFor(text: string): string {
  return uuid(text.toLowerCase(), principalNamespace);
}
