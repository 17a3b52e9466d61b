/** Observations → findings. Pure: the same observations give the same findings. */
import { checkAccountNetworks, checkAccounts, checkRoles } from "./accounts.ts";
import { checkDeployments } from "./deployments.ts";
import type { CheckName, DoctorFinding, DoctorReport } from "./finding.ts";
import { doctorReport, isSeen } from "./finding.ts";
import type { Observations } from "./observations.ts";
import { checkIdentity, checkService, checkServiceNetwork, checkTier, checkWorkspace } from "./service.ts";
import { checkKeyVaults, checkLoggers, checkMetrics } from "./settings.ts";
import { checkSignIn } from "./sign-in.ts";

/** One finding at least for each check that there is something to look at for. */
export function diagnose(observations: Observations): DoctorReport {
  const { service, signIn, itself, now } = observations;
  const first = checkSignIn(signIn, now);
  if (!isSeen(signIn)) return doctorReport(service, [...first, ...notChecked(observations, signInFailed)]);
  const own = [...first, ...checkService(observations)];
  const body = isSeen(itself) ? itself.value : undefined;
  if (body === undefined) return doctorReport(service, [...own, ...withoutService(observations)]);
  return doctorReport(service, [
    ...own,
    ...checkWorkspace(observations),
    ...checkTier(observations, body),
    ...checkIdentity(observations, body),
    ...checkAccounts(observations),
    ...checkRoles(observations, body),
    ...checkServiceNetwork(observations, body),
    ...checkAccountNetworks(observations, body),
    ...checkDeployments(observations),
    ...checkKeyVaults(observations, body),
    ...checkLoggers(observations, body),
    ...checkMetrics(observations),
  ]);
}

const signInFailed = "not checked, since the sign-in failed";
const noService = "not checked, since the service could not be read";

/** What was seen without the service's own resource is said; the rest depends on it. */
function withoutService(observations: Observations): DoctorFinding[] {
  const seen = [...checkAccounts(observations), ...checkDeployments(observations)];
  const has = new Set(seen.map(({ check }) => check));
  return [
    ...seen,
    ...notChecked(observations, noService).filter(({ check }) => check !== "service" && !has.has(check)),
  ];
}

function notChecked({ service, accounts }: Observations, why: string): DoctorFinding[] {
  const ofAccounts: readonly CheckName[] = accounts.length === 0 ? [] : ["account", "role", "deployments"];
  const checks: readonly CheckName[] = [
    "service",
    "tier",
    "identity",
    ...ofAccounts,
    "network",
    "key-vault",
    "logger",
  ];
  return checks.map((check) => ({ check, subject: service.name, status: "unknown", message: why }));
}
