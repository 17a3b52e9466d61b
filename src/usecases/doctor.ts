/** Reads what doctor looks at, all of it side by side, and diagnoses. Nothing is written. */
import { roleName, rolesMode, serviceIdentity, wantedAccounts } from "../core/compile/roles.ts";
import { diagnose } from "../core/doctor/diagnose.ts";
import type { DoctorReport, Seen } from "../core/doctor/finding.ts";
import { isSeen } from "../core/doctor/finding.ts";
import type { AccountSeen, DoctorSpec, Observations } from "../core/doctor/observations.ts";
import { Failure, ServiceFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import { apiPath } from "../core/model/kinds/api.ts";
import type { WantedAccount } from "../core/model/resource.ts";
import { serviceRef } from "../core/ports.ts";
import type { AzureService, Clock, Files, LiveResource, ServiceRef } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { findIdentity } from "../core/roles/service-identity.ts";
import { lintLoaded } from "./lint.ts";
import { loadGateway, loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";
import { requireWorkspace } from "./require-workspace.ts";
import { findRoleId, readAccountRoles } from "./read-roles.ts";

export type DoctorSubject = {
  readonly service: ServiceRef;
  readonly spec: DoctorSpec | undefined;
  /** What lint says of the spec when the service is of this tier. */
  readonly lintOnTier: (tier: string) => Promise<readonly Problem[]>;
};

/**
 * The spec and its service. Without a spec, the service alone, when subscription, resource group and service are all named. Throws
 * Failure `SPEC.INVALID` and `FILE.*`.
 */
export async function loadSubject(
  files: Files,
  request: GatewayRequest,
  loadGrammar: () => Promise<void>,
): Promise<DoctorSubject> {
  const named = namedService(request);
  if (named !== undefined && !(await files.exists(request.file)))
    return { service: named, spec: undefined, lintOnTier: () => Promise.resolve([]) };
  const { parsed, model } = await loadSoundGateway(files, request).catch((error: unknown) => {
    throw withHint(error);
  });
  return {
    service: model.service,
    spec: { parsed, model },
    lintOnTier: (tier) => lintOnTier(files, request, tier, loadGrammar),
  };
}

function namedService({ overrides = {} }: GatewayRequest): ServiceRef | undefined {
  const { subscriptionId, resourceGroup, service, workspace } = overrides;
  if (subscriptionId === undefined || resourceGroup === undefined || service === undefined) return undefined;
  return serviceRef({ subscriptionId, resourceGroup, name: service, workspace });
}

function withHint(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== "FILE.NOT_FOUND") return error;
  const remedy =
    "Name it with --file, or name a service with --subscription, --resource-group and --service.";
  return new Failure(error.code, error.message, { remedy, cause: error });
}

async function lintOnTier(
  files: Files,
  request: GatewayRequest,
  tier: string,
  loadGrammar: () => Promise<void>,
): Promise<readonly Problem[]> {
  const loaded = await loadGateway(files, { ...request, overrides: { ...request.overrides, tier } });
  const { parsed } = loaded;
  if (parsed === undefined) return loaded.problems;
  const { problems } = await lintLoaded({ ...loaded, parsed }, { severities: new Map(), loadGrammar });
  return problems;
}

/** Reads and diagnoses. A sign-in that fails, and what cannot be read, are findings. Throws Failure `USAGE.*` of `open`. */
export async function doctor(
  open: () => Promise<AzureService>,
  subject: DoctorSubject,
  clock: Clock,
): Promise<DoctorReport> {
  const { spec } = subject;
  const opened = await observe(open);
  const signIn = isSeen(opened) ? await observe(() => opened.value.signIn()) : opened;
  const accounts = spec === undefined ? [] : wantedAccounts(spec.parsed);
  const common = { service: subject.service, spec, now: clock.now() };
  if (!isSeen(opened) || !isSeen(signIn))
    return diagnose({ ...common, ...nothingSeen(isSeen(opened) ? signIn : opened, accounts) });
  const service = opened.value;
  const [itself, workspace, namedValues, loggers, diagnostics, seenAccounts] = await Promise.all([
    observe(async () => (await service.get(""))?.body),
    subject.service.workspace === undefined ? undefined : observe(() => requireWorkspace(service)),
    observe(() => service.list("namedValues")),
    observe(() => service.list("loggers")),
    observe(() => readDiagnostics(service, spec)),
    Promise.all(accounts.map((account) => readAccount(service, account))),
  ]);
  const body = isSeen(itself) ? itself.value : undefined;
  const [roles, onTier] = await Promise.all([
    readRolesOf(service, subject, body, accounts),
    readTierProblems(subject, body),
  ]);
  return diagnose({
    ...common,
    signIn,
    itself,
    workspace,
    namedValues,
    loggers,
    diagnostics,
    accounts: seenAccounts.map((each, index) => ({ ...each, roles: roles.accounts[index] })),
    roleId: roles.roleId,
    onTier,
  });
}

/** What is not there, as apimgw says it. */
const findingCodes = ["PLAN.UNKNOWN_ROLE", "SERVICE.NO_WORKSPACE"];

/** What Azure refuses, and what hinders on the way to it, is an observation too; whatever else is thrown is not. */
async function observe<Value>(read: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    const isFinding =
      error instanceof ServiceFailure || (error instanceof Failure && findingCodes.includes(error.code));
    if (!isFinding) throw error;
    return { failure: error };
  }
}

type NotSignedIn = Omit<Observations, "service" | "spec" | "now">;

function nothingSeen(seen: Seen<unknown>, accounts: readonly WantedAccount[]): NotSignedIn {
  if (isSeen(seen)) throw new Error("what failed was seen");
  const failed = { failure: seen.failure };
  return {
    signIn: failed,
    itself: failed,
    workspace: undefined,
    namedValues: failed,
    loggers: failed,
    diagnostics: failed,
    accounts: accounts.map((account) => ({ account, body: failed, deployments: failed, roles: undefined })),
    roleId: undefined,
    onTier: [],
  };
}

async function readDiagnostics(service: AzureService, spec: DoctorSpec | undefined): Promise<LiveResource[]> {
  const apis = (spec?.model.apis ?? []).map(({ id }) => `${apiPath(id)}/diagnostics`);
  const lists = await Promise.all(["diagnostics", ...apis].map((path) => service.list(path)));
  return lists.flat();
}

async function readAccount(
  service: AzureService,
  account: WantedAccount,
): Promise<Omit<AccountSeen, "roles">> {
  const [body, deployments] = await Promise.all([
    observe(async () => (await service.get(account.scope))?.body),
    observe(() => service.list(`${account.scope}/deployments`)),
  ]);
  return { account, body, deployments };
}

type RolesSeen = Pick<Observations, "roleId"> & { readonly accounts: readonly AccountSeen["roles"][] };

async function readRolesOf(
  service: AzureService,
  { spec, service: ref }: DoctorSubject,
  body: JsonObject | undefined,
  accounts: readonly WantedAccount[],
): Promise<RolesSeen> {
  const [first] = accounts;
  const nothing = { roleId: undefined, accounts: [] };
  if (spec === undefined || first === undefined || body === undefined) return nothing;
  if (rolesMode(spec.parsed.spec) === "ignore") return nothing;
  const { principalId } = findIdentity(body, serviceIdentity(spec.parsed.spec), ref);
  if (principalId === undefined) return nothing;
  const [roleId, found] = await Promise.all([
    observe(() => findRoleId(service, roleName(spec.parsed.spec), first.scope)),
    Promise.all(accounts.map((account) => readAccountRoles(service, account, principalId))),
  ]);
  return { roleId, accounts: found };
}

async function readTierProblems(
  { lintOnTier: lint }: DoctorSubject,
  body: JsonObject | undefined,
): Promise<readonly Problem[]> {
  const tier = stringMember(objectMember(body ?? {}, "sku") ?? {}, "name");
  return tier === undefined ? [] : lint(tier);
}
