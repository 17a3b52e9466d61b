/** What Azure says about the roles that a spec wants: who the service's identity is, and what it has on each account. */
import { Failure, ServiceFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { nearestName } from "../core/nearest-name.ts";
import { lastSegment } from "../core/model/kind-definition.ts";
import { roleAssignmentsPath } from "../core/model/kinds/role-assignment.ts";
import type { Model, WantedAccount, WantedRoles } from "../core/model/resource.ts";
import type { PlanNote } from "../core/plan/plan.ts";
import { serviceArmId } from "../core/ports.ts";
import type { LiveResource, ServiceReader, ServiceRef } from "../core/ports.ts";
import { findRoles, noRoles, roleNote, uncheckedNote } from "../core/roles/find-roles.ts";
import type { AccountRoles, FoundRoles } from "../core/roles/find-roles.ts";
import { knownRoleId, knownRoleNames } from "../core/roles/known-roles.ts";
import { findIdentity, identityTitle, principalsOf } from "../core/roles/service-identity.ts";

type Expectation = Pick<Model, "owner" | "service" | "roles">;

/**
 * Reads nothing when the spec wants nothing. With `manage`, throws ServiceFailure, and Failure `PLAN.NO_IDENTITY`, `PLAN.UNKNOWN_ROLE`,
 * `PLAN.NO_ACCOUNT`; with `check`, all of that are notes.
 */
export async function readRoles(reader: ServiceReader, desired: Expectation): Promise<FoundRoles> {
  const { roles, service } = desired;
  if (roles === undefined) return noRoles;
  try {
    return await readWanted(reader, roles, desired);
  } catch (error) {
    if (!(error instanceof Failure) || roles.mode === "manage") throw error;
    return { ...noRoles, notes: [roleNote(serviceArmId(service), uncheckedNote(error))] };
  }
}

async function readWanted(
  reader: ServiceReader,
  roles: WantedRoles,
  desired: Expectation,
): Promise<FoundRoles> {
  const { service } = desired;
  const body = (await reader.get(""))?.body ?? {};
  const [others, accounts] = await Promise.all([
    roles.mode === "manage" ? readMarked(reader, roles, body, service) : nothingMarked,
    readWantedAccounts(reader, roles, body, service),
  ]);
  const findings = { ...accounts, others: others.found };
  const found = findRoles(desired, roles, findings);
  return { ...found, notes: [...found.notes, ...others.notes] };
}

async function readWantedAccounts(
  reader: ServiceReader,
  roles: WantedRoles,
  body: JsonObject,
  service: ServiceRef,
): Promise<{ principalId: string; roleId: string; accounts: AccountRoles[] }> {
  const [first] = roles.accounts;
  if (first === undefined) return { principalId: "", roleId: "", accounts: [] };
  const identity = findIdentity(body, roles.identity, service);
  if (identity.principalId === undefined) {
    const { message, remedy } = identity;
    const why = `its ${identityTitle(roles.identity)} is to have the role ${roles.role} on ${roles.accounts.map(({ scope }) => lastSegment(scope)).join(", ")}`;
    throw new Failure("PLAN.NO_IDENTITY", message, { why, remedy });
  }
  const { principalId } = identity;
  const [roleId, accounts] = await Promise.all([
    findRoleId(reader, roles.role, first.scope),
    Promise.all(roles.accounts.map((account) => readAccountRoles(reader, account, principalId))),
  ]);
  return { principalId, roleId, accounts };
}

/** GUID of a role. Throws Failure `PLAN.UNKNOWN_ROLE` when there is none of that name at the scope. */
export async function findRoleId(reader: ServiceReader, role: string, scope: string): Promise<string> {
  const known = knownRoleId(role);
  if (known !== undefined) return known;
  const definitions = await reader.list(`${scope}/providers/Microsoft.Authorization/roleDefinitions`, {
    // A quote within a text of OData is doubled.
    $filter: `roleName eq '${role.replaceAll("'", "''")}'`,
  });
  const [found] = definitions;
  if (found !== undefined) return lastSegment(found.path).toLowerCase();
  const nearest = nearestName(role, knownRoleNames);
  throw new Failure("PLAN.UNKNOWN_ROLE", `there is no role \`${role}\``, {
    why: `Azure has none of that name that can be given on ${scope}`,
    remedy:
      nearest === undefined ? "correct `roles.role`, or give the role's id" : `did you mean \`${nearest}\`?`,
  });
}

/** What a principal may do on an account: its assignments there and above, those of its groups among them. Does not throw ServiceFailure. */
export async function readAccountRoles(
  reader: ServiceReader,
  account: WantedAccount,
  principalId: string,
): Promise<AccountRoles> {
  try {
    // https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
    const $filter = `atScope() and assignedTo('${principalId}')`;
    const found = await reader.list(roleAssignmentsPath(account.scope), { $filter });
    const isMissing = found.length === 0 && (await isGone(reader, account.scope));
    return { account, found, isMissing };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return { account, found: error, isMissing: false };
  }
}

/** Who may not read the account cannot tell: it then counts as there. */
async function isGone(reader: ServiceReader, scope: string): Promise<boolean> {
  try {
    return (await reader.get(scope)) === undefined;
  } catch (error) {
    if (error instanceof ServiceFailure && error.status === 403) return false;
    throw error;
  }
}

type Marked = { readonly found: readonly LiveResource[]; readonly notes: readonly PlanNote[] };

const nothingMarked: Marked = { found: [], notes: [] };

/** Assignments of the service's identities wherever they are: those that have left the spec are known by their mark only. */
async function readMarked(
  reader: ServiceReader,
  { subscriptions }: WantedRoles,
  body: JsonObject,
  service: ServiceRef,
): Promise<Marked> {
  const lists = subscriptions.flatMap((id) =>
    principalsOf(body).map((principalId) => ({
      path: roleAssignmentsPath(`/subscriptions/${id}`),
      query: { $filter: `principalId eq '${principalId}'` },
    })),
  );
  try {
    const found = await Promise.all(lists.map(({ path, query }) => reader.list(path, query)));
    return { found: found.flat(), notes: [] };
  } catch (error) {
    if (!(error instanceof ServiceFailure) || error.status !== 403) throw error;
    const note = `roles that have left the spec could not be looked for, and stay: ${error.message}. ${error.remedy ?? ""}`;
    return { found: [], notes: [roleNote(serviceArmId(service), note.trim())] };
  }
}
