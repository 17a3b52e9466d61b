/**
 * Accounts of AI services, small: any name is an account that answers to everybody, until somebody writes another one (PUT) or deletes
 * it. Deployments are known of accounts that were written only: what others have is not known here, and is not made up.
 */
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Answer } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import { ArmError, methodNotAllowed } from "./errors.ts";
import type { OutsideRequest } from "./outside.ts";

export function handleAccount({ method, path, arm, body }: OutsideRequest): Answer {
  const { collection, name = "" } = path;
  const id = `${collection}/${name}`;
  const found = account(arm, id);
  switch (method) {
    case "GET":
      if (found === undefined) throw noAccount(id);
      return { status: 200, body: found };
    case "PUT": {
      const entry = { id, body: merged(defaultAccount(id), isJsonObject(body) ? body : {}) };
      arm.put(entry);
      return { status: found === undefined ? 201 : 200, body: entry.body };
    }
    case "DELETE":
      if (found === undefined) return { status: 204 };
      arm.put({ id, body: {}, isGone: true });
      return { status: 200 };
    default:
      throw methodNotAllowed(method, ["GET", "PUT", "DELETE"]);
  }
}

/** The account; undefined when it has been deleted. */
function account(arm: ArmStore, id: string): JsonObject | undefined {
  const stored = arm.get(id);
  if (stored === undefined) return defaultAccount(id);
  return stored.isGone === true ? undefined : stored.body;
}

/** Throws ArmError 404 when an ARM id is that of an account that is gone. */
export function requireAccountOf(arm: ArmStore, scope: string): void {
  if (/\/Microsoft\.CognitiveServices\/accounts\/[^/]+$/i.test(scope) && account(arm, scope) === undefined)
    throw noAccount(scope);
}

function noAccount(id: string): ArmError {
  const [, , , , group = "", , namespace = "", type = "", name = ""] = id.split("/");
  const what = `The Resource '${namespace}/${type}/${name}' under resource group '${group}' was not found.`;
  return new ArmError(404, "ResourceNotFound", what);
}

function defaultAccount(id: string): JsonObject {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return {
    id,
    name,
    type: "Microsoft.CognitiveServices/accounts",
    location: "local",
    kind: "OpenAI",
    sku: { name: "S0" },
    properties: {
      provisioningState: "Succeeded",
      endpoint: `https://${name.toLowerCase()}.openai.azure.com/`,
      customSubDomainName: name.toLowerCase(),
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Allow", virtualNetworkRules: [], ipRules: [] },
      privateEndpointConnections: [],
    },
  };
}

function merged(under: JsonObject, over: JsonObject): JsonObject {
  const properties = {
    ...(isJsonObject(under["properties"]) ? under["properties"] : {}),
    ...(isJsonObject(over["properties"]) ? over["properties"] : {}),
  };
  const { id, name, type } = under;
  return { ...under, ...over, properties, id, name, type };
}

export function handleDeployments({ method, path, arm, body }: OutsideRequest): Answer {
  const { parent, name } = path;
  requireAccountOf(arm, parent);
  if (arm.get(parent) === undefined) {
    const message = "The local APIM knows the deployments of accounts that were written to it (PUT) only.";
    throw new ArmError(501, "NotImplemented", message);
  }
  const prefix = `${parent}/deployments/`;
  if (name === undefined) {
    if (method !== "GET") throw methodNotAllowed(method, ["GET"]);
    const value = arm
      .find((id) => id.toLowerCase().startsWith(prefix.toLowerCase()))
      .map((entry) => entry.body);
    return { status: 200, body: { value } };
  }
  const id = prefix + name;
  const found = arm.get(id);
  switch (method) {
    case "GET":
      if (found === undefined)
        throw new ArmError(404, "NotFound", `The deployment '${name}' does not exist.`);
      return { status: 200, body: found.body };
    case "PUT": {
      const type = "Microsoft.CognitiveServices/accounts/deployments";
      const entry = { id, body: { ...(isJsonObject(body) ? body : {}), id, name, type } };
      arm.put(entry);
      return { status: found === undefined ? 201 : 200, body: entry.body };
    }
    case "DELETE":
      if (found !== undefined) arm.remove(id);
      return { status: found === undefined ? 204 : 200 };
    default:
      throw methodNotAllowed(method, ["GET", "PUT", "DELETE"]);
  }
}
