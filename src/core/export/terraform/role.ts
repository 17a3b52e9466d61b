import { guidNamespace } from "../../model/kinds/role-assignment.ts";
import type { DeployedRole } from "../deployed-roles.ts";
import { attribute, hclBlock, hclCall, hclExpression, hclText } from "./hcl.ts";
import type { HclBlock } from "./hcl.ts";

/** A role assignment, under the name that apimgw gives to it. `service` is the address of the service, whose own identity gets it. */
export function roleBlock(type: string, name: string, role: DeployedRole, service: string): HclBlock {
  const principal = `${service}.identity[0].principal_id`;
  const named = hclText(
    `${role.scope.toLowerCase()}-`,
    { expression: `lower(${principal})` },
    `-${role.roleId}`,
  );
  return hclBlock(
    "resource",
    [type, name],
    [
      attribute("name", hclCall("uuidv5", [hclText(guidNamespace), named])),
      attribute("scope", hclText(role.scope)),
      attribute("role_definition_id", hclText(role.roleDefinitionId)),
      attribute("principal_id", hclExpression(principal)),
      attribute("principal_type", hclText("ServicePrincipal")),
      attribute("description", hclText(role.description)),
    ],
  );
}
