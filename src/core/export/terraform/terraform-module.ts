/**
 * A deployment as a Terraform root module: versions, providers, variables, the resources, and the documents that they read.
 */
import { filesOf } from "../deployment.ts";
import type { Deployment } from "../deployment.ts";
import type { NamedSecret } from "../secret-names.ts";
import type { TextFile } from "../template.ts";
import { writtenBy } from "../written-by.ts";
import { printHcl } from "./hcl.ts";
import { resourceBlocks } from "./resources.ts";
import { providerBlocks, variableBlocks, versionsBlock } from "./settings.ts";

/** Files of the module. Throws Failure `EXPORT.NAME` for a product that azurerm does not take. */
export function terraformFiles(deployment: Deployment, secrets: readonly NamedSecret[]): TextFile[] {
  const head = writtenBy(deployment.owner);
  return [
    { path: "versions.tf", text: printHcl(head, [versionsBlock()]) },
    { path: "providers.tf", text: printHcl(head, providerBlocks()) },
    { path: "variables.tf", text: printHcl(head, variableBlocks(deployment, secrets)) },
    { path: "main.tf", text: printHcl(head, resourceBlocks(deployment, secrets)) },
    ...filesOf(deployment),
  ];
}
