/** What a module needs beside its resources: versions, providers, variables. */
import type { Deployment } from "../deployment.ts";
import type { NamedSecret } from "../secret-names.ts";
import { serviceNameDescription, serviceVariables } from "../vocabulary.ts";
import { attribute, gap, hclBlock, hclExpression, hclPlain, hclText } from "./hcl.ts";
import type { Hcl, HclBlock, HclItem } from "./hcl.ts";

/** Write-only arguments are Terraform's since 1.11, `sensitive_body` azapi's since 2.4, breakers azurerm's since 4.53. */
export function versionsBlock(): HclBlock {
  return hclBlock(
    "terraform",
    [],
    [
      attribute("required_version", hclText(">= 1.11")),
      gap,
      hclBlock(
        "required_providers",
        [],
        [
          attribute("azapi", provider("Azure/azapi", "~> 2.4")),
          attribute("azurerm", provider("hashicorp/azurerm", "~> 4.53")),
        ],
      ),
    ],
  );
}

function provider(source: string, version: string): Hcl {
  return {
    type: "object",
    members: [
      ["source", hclText(source)],
      ["version", hclText(version)],
    ],
  };
}

/** In a file of their own: a module that others call leaves providers to them. */
export function providerBlocks(): HclBlock[] {
  const subscription = attribute("subscription_id", hclExpression(`var.${serviceVariables.subscription}`));
  return [
    hclBlock("provider", ["azapi"], [subscription]),
    hclBlock("provider", ["azurerm"], [subscription, gap, hclBlock("features", [], [])]),
  ];
}

/** Where the service is, with the spec's as the default; then the secrets, which have none, and are not shown. */
export function variableBlocks({ service }: Deployment, secrets: readonly NamedSecret[]): HclBlock[] {
  const { subscription, resourceGroup, name } = serviceVariables;
  const whereItIs = [
    [subscription, "Azure subscription that has the API Management service.", service.subscriptionId],
    [resourceGroup, "Resource group that has the API Management service.", service.resourceGroup],
    [name, serviceNameDescription, service.name],
  ] as const;
  return [
    ...whereItIs.map(([variableName, description, value]) =>
      variable(variableName, description, attribute("default", hclText(value))),
    ),
    ...secrets.map((secret) =>
      variable(secret.name, secret.description, attribute("sensitive", hclPlain(true))),
    ),
  ];
}

function variable(name: string, description: string, more: HclItem): HclBlock {
  return hclBlock(
    "variable",
    [name],
    [attribute("description", hclText(description)), attribute("type", hclExpression("string")), more],
  );
}
