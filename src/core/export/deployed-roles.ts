/**
 * Role assignments of `roles: manage` as something that other tools deploy. Who the service's own identity is, they look up while
 * they deploy; the names come out as those that apply gives (model/kinds/role-assignment.ts), which so finds its own.
 */
import { Failure } from "../failure.ts";
import { markDescription, newMark } from "../model/ownership.ts";
import { roleAssignmentsPath, roleDefinitionId } from "../model/kinds/role-assignment.ts";
import type { Model } from "../model/resource.ts";
import { withRoles } from "../roles/find-roles.ts";
import { knownRoleId } from "../roles/known-roles.ts";
import { shortDigest } from "./names.ts";

export type DeployedRole = {
  /** What resources that wait for it have among their dependencies. */
  readonly path: string;
  /** ARM id of the account, as the spec spells it, and its parts. */
  readonly scope: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly account: string;
  /** GUID of the role's definition, and its ARM id. */
  readonly roleId: string;
  readonly roleDefinitionId: string;
  readonly description: string;
};

export type RoleDeployment = {
  /** The model in which policies wait for the roles on the accounts that they lead to. */
  readonly model: Model;
  /** Sorted by scope. */
  readonly roles: readonly DeployedRole[];
};

/** Throws Failure `EXPORT.ROLES` for an identity or a role that is known to Azure only. */
export function deployedRoles(model: Model): RoleDeployment {
  const wanted = model.roles;
  if (wanted?.mode !== "manage" || wanted.accounts.length === 0) return { model, roles: [] };
  if (wanted.identity.type === "user") throw unknownIdentity(wanted.identity.clientId);
  const roleId = knownRoleId(wanted.role);
  if (roleId === undefined) throw unknownRole(wanted.role);
  const description = markDescription(undefined, newMark(model.owner, undefined));
  const roles = wanted.accounts.map(({ scope }): DeployedRole => {
    const [, , subscriptionId = "", , resourceGroup = "", , , , account = ""] = scope.split("/");
    return {
      path: `${roleAssignmentsPath(scope)}/${shortDigest(scope.toLowerCase())}`,
      scope,
      subscriptionId,
      resourceGroup,
      account,
      roleId,
      roleDefinitionId: roleDefinitionId(scope, roleId),
      description,
    };
  });
  const pathOf = new Map(roles.map(({ scope, path }) => [scope.toLowerCase(), path]));
  return { model: withRoles(model, { resources: [], pathOf }), roles };
}

/** What ARM calls the deployment that makes it. It is another one for each account and spec: of one name only one can run at a time. */
export function roleDeploymentName({ scope, description }: DeployedRole): string {
  return `apimgw-role-${shortDigest(`${description} ${scope.toLowerCase()}`)}`;
}

/** The words that the names of a role assignment are made of. */
export function roleWords({ account }: Pick<DeployedRole, "account">): string[] {
  return ["role", "assignment", account];
}

const inOverlay =
  "Set `roles: check`, in an overlay of `environments` for the export if need be, and assign the role where the accounts are made; or use `apimgw apply`.";

function unknownIdentity(clientId: string): Failure {
  return new Failure("EXPORT.ROLES", "the spec manages the roles of a user-assigned identity", {
    why: `a role is given to a principal id, and of the identity the spec has its client id only, ${clientId}`,
    remedy: inOverlay,
  });
}

function unknownRole(role: string): Failure {
  return new Failure("EXPORT.ROLES", `the role \`${role}\` is known to Azure only`, {
    why: "a module names the definition of a role by its id",
    remedy: `Write the role's id: az role definition list --name ${JSON.stringify(role)} --query "[].name". ${inOverlay}`,
  });
}
