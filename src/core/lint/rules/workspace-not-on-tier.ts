import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

/** Those that are known to have none. */
const withoutWorkspaces: readonly string[] = ["Consumption", "Developer", "Basic", "Standard"];

export const workspaceNotOnTier: Rule = {
  id: "workspace-not-on-tier",
  severity: "error",
  summary: "`service.workspace` on a tier without workspaces.",
  why:
    "Workspaces are a feature of the tiers Premium, BasicV2, StandardV2 and PremiumV2; the service refuses them elsewhere " +
    "(learn.microsoft.com/azure/api-management/how-to-create-workspace).",
  examples: {
    bad: `
service:
  subscriptionId: 00000000-0000-0000-0000-000000000001
  resourceGroup: rg
  name: apim
  sku: Developer
  workspace: team-a`,
    good: `
service:
  subscriptionId: 00000000-0000-0000-0000-000000000001
  resourceGroup: rg
  name: apim
  sku: Premium
  workspace: team-a`,
  },
  check: ({ spec: { service }, source }) =>
    service.workspace === undefined || service.sku === undefined || !withoutWorkspaces.includes(service.sku)
      ? []
      : [
          {
            message: `the tier ${service.sku} has no workspaces`,
            at: source.locateKey(pointer("service", "workspace")),
            help: "leave `workspace` out, or use a service of the tier Premium, BasicV2, StandardV2 or PremiumV2",
          },
        ],
};
