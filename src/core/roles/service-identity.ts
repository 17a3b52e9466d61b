/** Who the service's managed identities are, as its own resource tells. */
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { objectMember, stringMember } from "../model/kind-definition.ts";
import type { ServiceIdentity } from "../model/resource.ts";
import { serviceArmId } from "../ports.ts";
import type { ServiceRef } from "../ports.ts";

/** `principalId` is what roles are given to. */
export type FoundIdentity =
  | { readonly principalId: string }
  /** The service does not have it: what to say, and what to do. */
  | { readonly principalId: undefined; readonly message: string; readonly remedy: string };

/** The identity that calls the accounts. `body` is that of the service. */
export function findIdentity(body: JsonObject, wanted: ServiceIdentity, service: ServiceRef): FoundIdentity {
  const identity = objectMember(body, "identity") ?? {};
  if (wanted.type === "system") {
    const principalId = systemPrincipal(identity);
    return principalId === undefined ? noSystemIdentity(service) : { principalId };
  }
  const { clientId } = wanted;
  const found = userAssigned(identity).find(
    (each) => stringMember(each, "clientId")?.toLowerCase() === clientId.toLowerCase(),
  );
  const principalId = found === undefined ? undefined : stringMember(found, "principalId");
  return principalId === undefined ? noUserIdentity(service, clientId) : { principalId };
}

/** The principals of all identities that a service has: what it may have been given roles as. */
export function principalsOf(body: JsonObject): readonly string[] {
  const identity = objectMember(body, "identity") ?? {};
  const user = userAssigned(identity).flatMap((each) => stringMember(each, "principalId") ?? []);
  return [...new Set([systemPrincipal(identity) ?? [], ...user].flat())];
}

/** People's words for an identity of the spec. */
export function identityTitle(identity: ServiceIdentity): string {
  return identity.type === "system"
    ? "system-assigned identity"
    : `identity with the client id ${identity.clientId}`;
}

function systemPrincipal(identity: JsonObject): string | undefined {
  const hasSystem = /\bSystemAssigned\b/i.test(stringMember(identity, "type") ?? "");
  const principalId = stringMember(identity, "principalId");
  return hasSystem && principalId !== "" ? principalId : undefined;
}

function userAssigned(identity: JsonObject): JsonObject[] {
  return Object.values(objectMember(identity, "userAssignedIdentities") ?? {}).filter(isJsonObject);
}

function noSystemIdentity(service: ServiceRef): FoundIdentity {
  return {
    principalId: undefined,
    message: `${service.name} has no system-assigned identity`,
    remedy: `az apim update --name ${service.name} --resource-group ${service.resourceGroup} --subscription ${service.subscriptionId} --enable-managed-identity true`,
  };
}

function noUserIdentity(service: ServiceRef, clientId: string): FoundIdentity {
  return {
    principalId: undefined,
    message: `${service.name} does not have the identity with the client id ${clientId}`,
    remedy:
      `add it to the service (portal: Security, Managed identities, User assigned; its ARM id: az identity list --query "[?clientId=='${clientId}'].id" -o tsv), ` +
      `or correct \`identity\` in the spec. The service is ${serviceArmId(service)}`,
  };
}
