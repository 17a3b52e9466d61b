import { pointer } from "../../spec/source.ts";
import type { LintContext, Rule } from "../rule.ts";
import { signsIn } from "../signs-in.ts";

const service = (workspace: string) => `
service:
  subscriptionId: 00000000-0000-0000-0000-000000000001
  resourceGroup: rg
  name: apim
  sku: Premium${workspace}`;

const rest = `
backends: { a: { url: https://a.example/openai } }
apis:
  x: { path: x, managedIdentity: "https://cognitiveservices.azure.com/", operations: { Chat: { backend: a } } }`;

export const workspaceWithoutIdentity: Rule = {
  id: "workspace-without-identity",
  severity: "warning",
  summary: "A managed identity in a workspace, whose gateway has none.",
  why:
    "Workspace gateways support neither `authentication-managed-identity` nor named values from Key Vault: calls to the accounts " +
    "fail (learn.microsoft.com/azure/api-management/workspaces-overview). A workspace of a v2 tier may be served by the " +
    "service's own gateway instead, which has an identity; then this can be switched off.",
  examples: {
    bad: service("\n  workspace: team-a") + rest,
    good: service("") + rest,
  },
  check: (context) => {
    const { spec, source } = context;
    if (spec.service.workspace === undefined) return [];
    const needs = [
      ...(signsIn(context.model) ? ["a policy gets a token of the service's identity"] : []),
      ...secretsFromKeyVault(context),
    ];
    return needs.map((need) => ({
      message: `${need}, and the gateway of a workspace has no managed identity`,
      at: source.locateKey(pointer("service", "workspace")),
      help: "call the accounts with keys from named values; or serve the workspace by the default gateway of a v2 tier, and switch this rule off",
    }));
  },
};

function secretsFromKeyVault({ spec: { namedValues = {} } }: LintContext): string[] {
  const ids = Object.entries(namedValues).flatMap(([id, { keyVault }]) =>
    keyVault === undefined ? [] : [id],
  );
  return ids.sort().map((id) => `the named value \`${id}\` comes from Key Vault`);
}
