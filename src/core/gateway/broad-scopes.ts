/** What every call runs through before its product, API and operation: the global document, and that of a workspace. */
import { defaultGlobalPolicy } from "../policy/global-policy.ts";
import type { GatewayConfig } from "./config.ts";
import type { ScopeDocument } from "./prepare.ts";

/**
 * Global, then workspace (learn.microsoft.com/azure/api-management/workspaces-overview). What the service has as its global document,
 * whoever is in a workspace does not know: it is taken to be that of a new service.
 */
export function broadScopes({
  policies,
  workspace,
}: Pick<GatewayConfig, "policies" | "workspace">): readonly ScopeDocument[] {
  const own = policies.get("");
  if (workspace === undefined) return [{ scope: "global", document: own ?? defaultGlobalPolicy }];
  const global: ScopeDocument = { scope: "global", document: defaultGlobalPolicy };
  return own === undefined ? [global] : [global, { scope: "workspace", document: own }];
}
