/** Azure's role assignments: what the service's identity may do on an account (learn.microsoft.com/azure/role-based-access-control). */
import { v5 as uuid } from "uuid";
import { lastSegment, stringMember } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { comparedDescription, markDescription, markInDescription, newMark } from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const roleAssignmentKind: KindDefinition = {
  kind: "roleAssignment",
  title: "role assignment",
  normalize,
  mark: markInDescription,
  hasNoEtag: true,
  identities: {},
  references: () => [],
};

const collection = "providers/Microsoft.Authorization/roleAssignments";

/** ARM id of the role assignments of a scope. */
export function roleAssignmentsPath(roleScope: string): string {
  return `${roleScope}/${collection}`;
}

/** What an assignment is made of. `roleId` is the GUID of the role's definition. */
export type RoleAssignment = {
  readonly roleScope: string;
  readonly principalId: string;
  readonly roleId: string;
};

/** What `guid()` of ARM templates and Bicep hashes in; it joins its arguments with hyphens. */
export const guidNamespace = "11fb06fb-712d-4ddd-98c7-e71bbd588830";

/** ARM id of an assignment. Its name is always the same for the same scope, identity and role, and another one for any other. */
export function roleAssignmentPath({ roleScope, principalId, roleId }: RoleAssignment): string {
  const text = [roleScope, principalId, roleId].map((part) => part.toLowerCase()).join("-");
  return `${roleAssignmentsPath(roleScope)}/${uuid(text, guidNamespace)}`;
}

export function roleAssignmentResource(
  assignment: RoleAssignment,
  { owner, origin, note }: { readonly owner: string; readonly origin: Location; readonly note: string },
): Resource {
  const { roleScope, principalId, roleId } = assignment;
  return {
    kind: "roleAssignment",
    id: lastSegment(roleScope),
    path: roleAssignmentPath(assignment),
    body: {
      properties: {
        roleDefinitionId: roleDefinitionId(roleScope, roleId),
        principalId,
        // Azure then does not look the identity up, which it could not find for a while after it was made.
        principalType: "ServicePrincipal",
        description: markDescription(undefined, newMark(owner, undefined)),
      },
    },
    dependsOn: [],
    notes: [note],
    origin,
  };
}

/** ARM id of a role's definition, in the Azure subscription of the scope. */
export function roleDefinitionId(roleScope: string, roleId: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(roleScope)?.[0] ?? "";
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
}

/** The scope of an assignment, from its ARM id. */
export function roleScopeOf(path: string): string {
  return path.slice(0, Math.max(0, path.toLowerCase().lastIndexOf(`/${collection.toLowerCase()}/`)));
}

/** GUID of the role that an assignment gives. */
export function roleIdOf(properties: JsonObject): string {
  return lastSegment(stringMember(properties, "roleDefinitionId") ?? "").toLowerCase();
}

function normalize(properties: JsonObject): JsonObject {
  return {
    roleDefinitionId: roleIdOf(properties),
    principalId: stringMember(properties, "principalId")?.toLowerCase(),
    ...comparedDescription(properties),
  };
}
