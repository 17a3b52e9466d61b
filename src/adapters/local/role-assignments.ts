/**
 * Azure's role assignments and definitions, api-version 2022-04-01, as far as a gateway needs them. An assignment cannot be changed but
 * for its description, and one scope, principal and role has one at most
 * (learn.microsoft.com/azure/role-based-access-control/troubleshooting).
 */
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Answer } from "./answer.ts";
import type { ArmEntry, ArmStore } from "./arm-store.ts";
import { ArmError, methodNotAllowed } from "./errors.ts";
import type { OutsideRequest } from "./outside.ts";
import { textOf } from "./validate.ts";

const provider = "providers/Microsoft.Authorization";
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function handleRoleAssignments(request: OutsideRequest): Answer {
  const { method, path, arm } = request;
  const { parent: scope, name } = path;
  if (name === undefined) {
    if (method !== "GET") throw methodNotAllowed(method, ["GET"]);
    return { status: 200, body: { value: listed(request).map(({ body }) => body) } };
  }
  const id = `${scope}/${provider}/roleAssignments/${name}`;
  const found = arm.get(id);
  switch (method) {
    case "GET":
      if (found === undefined)
        throw new ArmError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
      return { status: 200, body: found.body };
    case "PUT":
      return put(request, id, name, found);
    case "DELETE":
      if (found === undefined) return { status: 204 };
      arm.remove(id);
      return { status: 200, body: found.body };
    default:
      throw methodNotAllowed(method, ["GET", "PUT", "DELETE"]);
  }
}

function put(
  { path, arm, body, now }: OutsideRequest,
  id: string,
  name: string,
  found: ArmEntry | undefined,
): Answer {
  if (!guid.test(name))
    throw new ArmError(
      400,
      "InvalidRoleAssignmentId",
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  const sent = isJsonObject(body) && isJsonObject(body["properties"]) ? body["properties"] : {};
  const { roleDefinitionId, principalId } = sent;
  if (typeof roleDefinitionId !== "string" || typeof principalId !== "string" || !guid.test(principalId))
    throw new ArmError(
      400,
      "InvalidCreateRoleAssignmentRequest",
      "The request body does not name role and principal.",
    );
  const same = atScope(arm, path.parent).find((other) => isSame(other.body, sent));
  if (found !== undefined && same !== found)
    throw new ArmError(
      400,
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  if (found === undefined && same !== undefined)
    throw new ArmError(409, "RoleAssignmentExists", "The role assignment already exists.");
  const entry = { id, body: answered(id, path.parent, sent, found, now) };
  arm.put(entry);
  return { status: found === undefined ? 201 : 200, body: entry.body };
}

function answered(
  id: string,
  scope: string,
  sent: JsonObject,
  found: ArmEntry | undefined,
  now: Date,
): JsonObject {
  const before = isJsonObject(found?.body["properties"]) ? found.body["properties"] : {};
  const date = now.toISOString();
  return {
    properties: {
      roleDefinitionId: sent["roleDefinitionId"],
      principalId: sent["principalId"],
      principalType: sent["principalType"] ?? "ServicePrincipal",
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: before["createdOn"] ?? date,
      updatedOn: date,
      createdBy: null,
      updatedBy: null,
      delegatedManagedIdentityResourceId: null,
      description: sent["description"] ?? null,
    },
    id,
    type: "Microsoft.Authorization/roleAssignments",
    name: id.slice(id.lastIndexOf("/") + 1),
  };
}

function isSame(body: JsonObject, sent: JsonObject): boolean {
  const there = isJsonObject(body["properties"]) ? body["properties"] : {};
  const role = (properties: JsonObject): string | undefined =>
    textOf(properties["roleDefinitionId"])?.toLowerCase().split("/").at(-1);
  const principal = (properties: JsonObject): string | undefined =>
    textOf(properties["principalId"])?.toLowerCase();
  return role(there) === role(sent) && principal(there) === principal(sent);
}

/** Assignments at this very scope. */
function atScope(arm: ArmStore, scope: string): ArmEntry[] {
  return arm.find((id) => scopeOf(id)?.toLowerCase() === scope.toLowerCase());
}

function scopeOf(id: string): string | undefined {
  return /^(.+)\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i.exec(id)?.[1];
}

/** The filters that are documented; groups have no members here, so that `assignedTo` is the principal alone. */
function listed({ query, path, arm }: OutsideRequest): ArmEntry[] {
  const filter = (query.get("$filter") ?? "").trim();
  const known =
    /^(?:(atScope\(\))(?:\s+and\s+)?)?(?:assignedTo\('([^']+)'\)|principalId eq '?([^']+?)'?)?$/i.exec(
      filter,
    );
  if (known === null) throw new ArmError(400, "UnsupportedQuery", `The filter '${filter}' is not supported.`);
  const [, above, assigned, principal] = known;
  const wanted = (assigned ?? principal)?.toLowerCase();
  const here = path.parent.toLowerCase();
  const entries = arm.find((id) => {
    const scope = scopeOf(id)?.toLowerCase();
    if (scope === undefined) return false;
    const isAtOrAbove = here === scope || here.startsWith(`${scope}/`);
    return isAtOrAbove || (above === undefined && scope.startsWith(`${here}/`));
  });
  return entries.filter(({ body }) => {
    const properties = isJsonObject(body["properties"]) ? body["properties"] : {};
    return wanted === undefined || textOf(properties["principalId"])?.toLowerCase() === wanted;
  });
}

/** The built-in roles that are known here (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
const roleNames: Readonly<Record<string, string>> = {
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "Cognitive Services OpenAI User",
  "a001fd3d-188f-4b5d-821b-7da978bf7442": "Cognitive Services OpenAI Contributor",
  "a97b65f3-24c7-4388-baec-2e87135dc908": "Cognitive Services User",
  "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68": "Cognitive Services Contributor",
  "53ca6127-db72-4b80-b1b0-d745d6d5456d": "Azure AI User",
  "64702f94-c441-49e6-a78b-ef80e0188fee": "Azure AI Developer",
};

export function handleRoleDefinitions({ method, query, path }: OutsideRequest): Answer {
  if (method !== "GET") throw methodNotAllowed(method, ["GET"]);
  const all = Object.entries(roleNames).map(([name, roleName]) => ({
    id: `/subscriptions/${path.subscriptionId}/${provider}/roleDefinitions/${name}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name,
    properties: { roleName, type: "BuiltInRole", assignableScopes: ["/"], permissions: [] },
  }));
  if (path.name === undefined) {
    const wanted = /^roleName eq '(.*)'$/i
      .exec((query.get("$filter") ?? "").trim())?.[1]
      ?.replaceAll("''", "'");
    const value = all.filter(({ properties }) => wanted === undefined || properties.roleName === wanted);
    return { status: 200, body: { value } };
  }
  const found = all.find(({ name }) => name === path.name?.toLowerCase());
  if (found === undefined)
    throw new ArmError(
      404,
      "RoleDefinitionDoesNotExist",
      `The role definition '${path.name}' does not exist.`,
    );
  return { status: 200, body: found };
}
