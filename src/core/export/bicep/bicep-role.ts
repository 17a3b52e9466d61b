/** Role assignments in Bicep: a module for what is made in the resource group of an account, used once for each. */
import { roleDeploymentName } from "../deployed-roles.ts";
import type { DeployedRole } from "../deployed-roles.ts";
import type { TextFile } from "../template.ts";
import { roleApiVersion, serviceSymbol } from "../vocabulary.ts";
import { bicepString, block } from "./bicep-value.ts";

const moduleFile = "role-assignment.bicep";

/** The declaration in main.bicep. */
export function bicepRole(symbol: string, role: DeployedRole): string {
  const { subscriptionId, resourceGroup, account } = role;
  const parameters = [
    `accountName: ${bicepString(account)}`,
    `principalId: ${serviceSymbol}.identity.principalId`,
  ];
  const lines = [
    `name: ${bicepString(roleDeploymentName(role))}`,
    `scope: resourceGroup(${bicepString(subscriptionId)}, ${bicepString(resourceGroup)})`,
    `params: ${block("{", "}", 1, parameters)}`,
  ];
  return `module ${symbol} '${moduleFile}' = ${block("{", "}", 0, lines)}`;
}

/** The module, when there is a role to be given: all are given the same one. */
export function bicepRoleFiles(head: string, [role]: readonly DeployedRole[]): TextFile[] {
  if (role === undefined) return [];
  const roleId = bicepString(role.roleId);
  const definition = `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${roleId})`;
  const properties = [
    `roleDefinitionId: ${definition}`,
    "principalId: principalId",
    "principalType: 'ServicePrincipal'",
    `description: ${bicepString(role.description)}`,
  ];
  const assignment = [
    "scope: account",
    // The name that apimgw gives to this assignment.
    `name: guid(toLower(account.id), toLower(principalId), ${roleId})`,
    `properties: ${block("{", "}", 1, properties)}`,
  ];
  const parts = [
    `${head}\ntargetScope = 'resourceGroup'`,
    "@description('Account that the identity is to call.')\nparam accountName string",
    "@description('Principal id of the identity.')\nparam principalId string",
    `resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = ${block("{", "}", 0, ["name: accountName"])}`,
    `resource assignment 'Microsoft.Authorization/roleAssignments@${roleApiVersion}' = ${block("{", "}", 0, assignment)}`,
  ];
  return [{ path: moduleFile, text: `${parts.join("\n\n")}\n` }];
}
