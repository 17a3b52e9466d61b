/**
 * Wanted roles and what Azure says about them → assignments to be made, assignments that are ours, and what is to be said. Nothing is
 * read here (usecases/read-roles.ts does).
 */
import { Failure, type ServiceFailure } from "../failure.ts";
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import {
  roleAssignmentPath,
  roleAssignmentResource,
  roleIdOf,
  roleScopeOf,
} from "../model/kinds/role-assignment.ts";
import type { Model, Resource, WantedAccount, WantedRoles } from "../model/resource.ts";
import { liveEntry, pathKey } from "../plan/live.ts";
import type { LiveEntry } from "../plan/live.ts";
import type { PlanNote } from "../plan/plan.ts";
import type { LiveResource, ServiceRef } from "../ports.ts";
import { compareText } from "../problem.ts";
import { sufficientRoleIds } from "./known-roles.ts";
import { identityTitle } from "./service-identity.ts";

/** What was found at one account. */
export type AccountRoles = {
  readonly account: WantedAccount;
  /** The assignments that the identity has there or above, directly or through a group; or why they could not be read. */
  readonly found: readonly LiveResource[] | ServiceFailure;
  /** The account itself is not there. */
  readonly isMissing: boolean;
};

export type RoleFindings = {
  /** The identity, and the role's GUID. */
  readonly principalId: string;
  readonly roleId: string;
  readonly accounts: readonly AccountRoles[];
  /** Assignments of any of the service's identities, anywhere in the subscriptions that were looked through. */
  readonly others: readonly LiveResource[];
};

export type FoundRoles = {
  /** Assignments that the spec wants as its own. */
  readonly resources: readonly Resource[];
  /** By scope in lower case: where an assignment is the spec's own, its path. */
  readonly pathOf: ReadonlyMap<string, string>;
  readonly entries: readonly LiveEntry[];
  readonly notes: readonly PlanNote[];
};

export const noRoles: FoundRoles = { resources: [], pathOf: new Map(), entries: [], notes: [] };

/** Whether the identity can do there what the role allows: by this role or one that includes it. */
export function hasRole(found: readonly LiveResource[], roleId: string): boolean {
  const enough = sufficientRoleIds(roleId);
  return found.some(({ body }) => enough.includes(roleIdOf(objectMember(body, "properties") ?? {})));
}

/** What a missing role is given by. */
export function assignmentCommand(
  scope: string,
  { principalId, role }: { readonly principalId: string; readonly role: string },
): string {
  return `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal --role ${JSON.stringify(role)} --scope ${scope}`;
}

/**
 * Decides for each account. Throws what could not be read, and Failure `PLAN.NO_ACCOUNT`, when the roles are to be managed; else
 * notes say it.
 */
export function findRoles(
  { owner, service }: Pick<Model, "owner" | "service">,
  wanted: WantedRoles,
  findings: RoleFindings,
): FoundRoles {
  const isManaged = wanted.mode === "manage";
  const entries = isManaged ? ownEntries(owner, findings) : [];
  const kept = new Set(entries.map(({ path }) => pathKey(path)));
  const resources: Resource[] = [];
  const notes: PlanNote[] = [];
  for (const each of findings.accounts) {
    const { scope } = each.account;
    if (isManaged) refuse(each);
    const { found } = each;
    const path = roleAssignmentPath({ roleScope: scope, ...findings });
    if (isReadable(found) && hasRole(found, findings.roleId) && !kept.has(pathKey(path))) continue;
    if (isManaged) resources.push(wantedResource(each.account, wanted, findings, { owner, service }));
    else notes.push(noteOn(each, wanted, findings, service));
  }
  const pathOf = new Map(resources.map(({ path }) => [roleScopeOf(path).toLowerCase(), path]));
  return { resources, pathOf, entries, notes };
}

function isReadable(found: AccountRoles["found"]): found is readonly LiveResource[] {
  return Array.isArray(found);
}

function refuse({ account, found, isMissing }: AccountRoles): void {
  if (!isReadable(found)) throw found;
  if (!isMissing) return;
  const message = `there is no account \`${account.scope}\``;
  const help = "correct `account`, or leave it out";
  throw new Failure("PLAN.NO_ACCOUNT", "roles are to be given on what is not there", {
    problems: [{ rule: "account-missing", severity: "error", message, at: account.at, help }],
  });
}

/** Every assignment that carries the spec's mark, each once. */
function ownEntries(owner: string, { accounts, others }: RoleFindings): LiveEntry[] {
  const found = [...accounts.flatMap((each) => (isReadable(each.found) ? each.found : [])), ...others];
  const entries = found.flatMap((resource) => {
    // Lists tell of assignments at and above a scope: where each really is, its id says.
    const path = stringMember(resource.body, "id") ?? resource.path;
    const entry = liveEntry("roleAssignment", lastSegment(roleScopeOf(path)), { ...resource, path });
    return entry.owner === owner ? [entry] : [];
  });
  return [...new Map(entries.map((entry) => [pathKey(entry.path), entry])).values()];
}

function wantedResource(
  account: WantedAccount,
  { role, identity }: WantedRoles,
  { principalId, roleId }: RoleFindings,
  { owner, service }: Pick<Model, "owner" | "service">,
): Resource {
  const note = `${role}, for the ${identityTitle(identity)} of ${service.name} (${principalId})`;
  const assignment = { roleScope: account.scope, principalId, roleId };
  return roleAssignmentResource(assignment, { owner, origin: account.at, note });
}

function noteOn(
  { account, found, isMissing }: AccountRoles,
  { role, identity }: WantedRoles,
  { principalId }: RoleFindings,
  service: ServiceRef,
): PlanNote {
  if (!isReadable(found)) return roleNote(account.scope, uncheckedNote(found));
  if (isMissing) return roleNote(account.scope, `there is no account ${account.scope}: correct \`account\``);
  const who = `the ${identityTitle(identity)} of ${service.name}`;
  const command = assignmentCommand(account.scope, { principalId, role });
  return roleNote(
    account.scope,
    `${who} lacks the role ${role} on this account: calls to it will be refused. Give it with \`roles: manage\`, or: ${command}`,
  );
}

/** What a plan says about the role on an account, or about roles as a whole. */
export function roleNote(armId: string, note: string): PlanNote {
  return { kind: "roleAssignment", id: lastSegment(armId), path: armId, note };
}

/** Why something about roles is not known. */
export function uncheckedNote({ message, remedy }: Failure): string {
  return `its roles could not be checked: ${message}${remedy === undefined ? "" : `. ${remedy}`}`;
}

/**
 * The model with the assignments among its resources, each before the documents that lead to a backend of its account, at once or
 * through a pool.
 */
export function withRoles(
  desired: Model,
  { resources, pathOf }: Pick<FoundRoles, "resources" | "pathOf">,
): Model {
  if (pathOf.size === 0) return desired;
  const rolePaths = new Map(
    (desired.roles?.accounts ?? []).flatMap(({ scope, backends }) => {
      const path = pathOf.get(scope.toLowerCase());
      return path === undefined ? [] : backends.map((id) => [pathKey(`backends/${id}`), path] as const);
    }),
  );
  const byPath = new Map(desired.resources.map((resource) => [pathKey(resource.path), resource]));
  const ordered = desired.resources.map((resource): Resource => {
    const needed = resource.kind === "policy" ? rolesBehind(resource, byPath, rolePaths) : [];
    return needed.length === 0 ? resource : { ...resource, dependsOn: [...resource.dependsOn, ...needed] };
  });
  return { ...desired, resources: [...ordered, ...resources].sort((a, b) => compareText(a.path, b.path)) };
}

function rolesBehind(
  resource: Resource,
  byPath: ReadonlyMap<string, Resource>,
  rolePaths: ReadonlyMap<string, string>,
): string[] {
  const seen = new Set<string>();
  const waiting = resource.dependsOn.map(pathKey);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(byPath.get(key)?.dependsOn ?? []).map(pathKey));
  }
  // A backend that stands for one deployment of an account is named after the account's own: `ID--DEPLOYMENT`.
  const roleOf = (key: string): string | undefined =>
    rolePaths.get(key) ?? rolePaths.get(key.replace(/--.*$/, ""));
  return [...new Set([...seen].flatMap((key) => roleOf(key) ?? []))].sort(compareText);
}
