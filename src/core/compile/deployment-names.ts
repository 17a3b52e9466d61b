/** What a deployment is called on each account, and the backends and pools that carry such a name in their URL. */
import type { Location } from "../location.ts";
import { backendResource } from "../model/kinds/backend.ts";
import { poolResource } from "../model/kinds/pool.ts";
import type { Resource } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import type { GatewaySpec } from "../spec/schema.ts";

/** What of a spec says which accounts there are. */
export type Accounts = Pick<GatewaySpec, "backends" | "pools">;

/** The backends that a target stands for: a pool's members, or itself. */
export function singlesOf({ pools }: Accounts, target: string): string[] {
  return pools?.[target]?.members.map(({ backend }) => backend) ?? [target];
}

/** The account's own name of a deployment; the same where the spec says none. Names are compared without case. */
export function accountName({ backends }: Accounts, backend: string, deployment: string): string {
  const names = Object.entries(backends?.[backend]?.deployments ?? {});
  const own = names.find(([name]) => name.toLowerCase() === deployment.toLowerCase());
  return own?.[1] ?? deployment;
}

/** What these backends call a deployment: each name once, whatever its case. */
export function accountNames(spec: Accounts, backends: readonly string[], deployment: string): string[] {
  const names = backends.map((backend) => accountName(spec, backend, deployment));
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** The deployments that any of these backends calls something else, in the spelling of the first; sorted. */
export function renamedDeployments(spec: Accounts, backends: readonly string[]): string[] {
  const names = backends.flatMap((backend) => Object.keys(spec.backends?.[backend]?.deployments ?? {}));
  const byName = new Map<string, string>();
  for (const name of names.sort(compareText)) {
    if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), name);
  }
  return [...byName.values()].filter((name) =>
    accountNames(spec, backends, name).some((other) => other.toLowerCase() !== name.toLowerCase()),
  );
}

/** Id of the backend that stands for one deployment of an account. */
export function deploymentBackendId(backend: string, name: string): string {
  return `${backend}--${asId(name)}`;
}

/** Id of the pool whose members stand for one deployment each. */
export function deploymentPoolId(pool: string, deployment: string): string {
  return `${pool}--${asId(deployment)}`;
}

/** Ids have letters, digits, - and _. */
function asId(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").replace(/-$/, "_");
}

const why =
  "rewrite-uri stands in inbound only, so the name of the deployment is in the backend's URL, where retries and pools can change it";

/** A backend for one deployment of an account: the account's URL with the deployment's path behind it, the same breaker. */
export function deploymentBackend(
  spec: GatewaySpec,
  { backend, name, before }: { readonly backend: string; readonly name: string; readonly before: string },
  origin: Location,
): Resource | undefined {
  const account = spec.backends?.[backend];
  if (account === undefined) return undefined;
  const { title, url, circuitBreaker } = account;
  const own = {
    url: `${url.replace(/\/+$/, "")}${before}${encodeURIComponent(name)}`,
    title: title === undefined ? undefined : `${title}: ${name}`.slice(0, 300),
    circuitBreaker,
  };
  const resource = backendResource(deploymentBackendId(backend, name), own, spec.name, origin);
  return { ...resource, notes: [`deployment ${name} of ${backend}: ${why}`] };
}

/** The pool once more, over its members' backends for this deployment. */
export function deploymentPool(
  spec: GatewaySpec,
  pool: string,
  deployment: string,
  origin: Location,
): Resource | undefined {
  const whole = spec.pools?.[pool];
  if (whole === undefined) return undefined;
  const own = {
    title: whole.title === undefined ? undefined : `${whole.title}: ${deployment}`.slice(0, 300),
    members: whole.members.map((member) => ({
      ...member,
      backend: deploymentBackendId(member.backend, accountName(spec, member.backend, deployment)),
    })),
  };
  const resource = poolResource(deploymentPoolId(pool, deployment), own, spec.service, spec.name, origin);
  return {
    ...resource,
    notes: [`${pool} for deployment ${deployment}, whose name differs on its members: ${why}`],
  };
}
