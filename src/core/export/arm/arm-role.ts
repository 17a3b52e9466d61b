/**
 * A role assignment in ARM: a deployment of its own, since the account may be in another resource group or subscription. Its name
 * hashes the identity's principal, which only a deployment within can know by then: `reference` cannot stand in a name.
 */
import type { JsonObject } from "../../json.ts";
import { roleDeploymentName } from "../deployed-roles.ts";
import type { DeployedRole } from "../deployed-roles.ts";
import { apiVersion, roleApiVersion } from "../vocabulary.ts";
import { armString, quoted, serviceIdCall } from "./arm-value.ts";

export function armRole(role: DeployedRole): JsonObject {
  const { subscriptionId, resourceGroup } = role;
  const principal = `[reference(${serviceIdCall()}, '${apiVersion}', 'full').identity.principalId]`;
  return {
    type: "Microsoft.Resources/deployments",
    apiVersion: "2022-09-01",
    name: roleDeploymentName(role),
    subscriptionId,
    resourceGroup,
    properties: {
      mode: "Incremental",
      expressionEvaluationOptions: { scope: "inner" },
      parameters: { principalId: { value: principal } },
      template: {
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        contentVersion: "1.0.0.0",
        parameters: { principalId: { type: "string" } },
        resources: [assignment(role)],
      },
    },
  };
}

/** The function call that gives the id of the deployment that makes it. */
export function roleDeploymentCall(role: DeployedRole): string {
  const { subscriptionId, resourceGroup } = role;
  const parts = [subscriptionId, resourceGroup, "Microsoft.Resources/deployments", roleDeploymentName(role)];
  return `resourceId(${parts.map(quoted).join(", ")})`;
}

function assignment({ scope, account, roleId, roleDefinitionId, description }: DeployedRole): JsonObject {
  return {
    type: "Microsoft.Authorization/roleAssignments",
    apiVersion: roleApiVersion,
    scope: armString(`Microsoft.CognitiveServices/accounts/${account}`),
    name: `[guid(${quoted(scope.toLowerCase())}, toLower(parameters('principalId')), ${quoted(roleId)})]`,
    properties: {
      roleDefinitionId,
      principalId: "[parameters('principalId')]",
      principalType: "ServicePrincipal",
      description: armString(description),
    },
  };
}
