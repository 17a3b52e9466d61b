/** Which identity calls which accounts, and the role that it needs there. */
import type { ServiceIdentity, WantedAccount, WantedRoles } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { defaultRole } from "../roles/known-roles.ts";
import type { GatewaySpec, RolesMode } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { ParsedSpec } from "../spec/source.ts";

export function serviceIdentity({ identity }: Pick<GatewaySpec, "identity">): ServiceIdentity {
  return identity === undefined || identity === "system"
    ? { type: "system" }
    : { type: "user", clientId: identity.clientId };
}

export function rolesMode({ roles }: Pick<GatewaySpec, "roles">): RolesMode {
  return (typeof roles === "object" ? roles.mode : roles) ?? "check";
}

export function roleName({ roles }: Pick<GatewaySpec, "roles">): string {
  return (typeof roles === "object" ? roles.role : undefined) ?? defaultRole;
}

/** Undefined when nothing is to be read: `roles: ignore`, or nothing to check. */
export function wantedRoles(parsed: ParsedSpec): WantedRoles | undefined {
  const { spec } = parsed;
  const mode = rolesMode(spec);
  const accounts = wantedAccounts(parsed);
  if (mode === "ignore" || (mode === "check" && accounts.length === 0)) return undefined;
  const identity = serviceIdentity(spec);
  return { mode, role: roleName(spec), identity, accounts, subscriptions: subscriptionsOf(spec) };
}

/** The accounts of the spec, each once, sorted. */
export function wantedAccounts({ spec, source }: ParsedSpec): WantedAccount[] {
  const byScope = new Map<string, WantedAccount>();
  for (const [id, { account }] of Object.entries(spec.backends ?? {}).sort(([a], [b]) => compareText(a, b))) {
    if (account === undefined) continue;
    const known = byScope.get(account.toLowerCase());
    const at = known?.at ?? source.locate(pointer("backends", id, "account"));
    const backends = [...(known?.backends ?? []), id];
    byScope.set(account.toLowerCase(), { scope: known?.scope ?? account, backends, at });
  }
  return [...byScope.values()].sort((a, b) => compareText(a.scope, b.scope));
}

/** Those of the service and of its accounts. */
export function subscriptionsOf({ service, backends }: Pick<GatewaySpec, "service" | "backends">): string[] {
  const accounts = Object.values(backends ?? {}).flatMap(({ account }) => account?.split("/")[2] ?? []);
  return [...new Set([service.subscriptionId, ...accounts].map((id) => id.toLowerCase()))].sort(compareText);
}
