/**
 * A deployment as an ARM template in JSON. Such a template cannot read files, so documents stand in it as texts. Secrets are
 * parameters of type secureString without a default.
 */
import type { Json, JsonObject } from "../../json.ts";
import { armTypeOf } from "../deployment.ts";
import type { Deployment, DeployedResource } from "../deployment.ts";
import { refuseWhatArmRefuses } from "../limits.ts";
import type { NamedSecret } from "../secret-names.ts";
import { siblingsBefore } from "../siblings.ts";
import type { TextFile } from "../template.ts";
import { serviceNameDescription, serviceParameter } from "../vocabulary.ts";
import { writtenBy } from "../written-by.ts";
import { armRole, roleDeploymentCall } from "./arm-role.ts";
import { armString, armValue, resourceIdCall } from "./arm-value.ts";

/** Files of the module. Throws Failure `EXPORT.PARTIAL`, `EXPORT.TOO_LARGE`. */
export function armFiles(deployment: Deployment, secrets: readonly NamedSecret[]): TextFile[] {
  const { owner, service } = deployment;
  const parameters: JsonObject = { [serviceParameter]: { value: service.name } };
  return [
    { path: "azuredeploy.json", text: armTemplate(deployment, secrets) },
    {
      path: "azuredeploy.parameters.json",
      text: pretty({
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        contentVersion: "1.0.0.0",
        metadata: { description: writtenBy(owner).join(" ") },
        parameters,
      }),
    },
  ];
}

/** The template as text. Throws like armFiles. */
export function armTemplate(deployment: Deployment, secrets: readonly NamedSecret[]): string {
  const secureStrings = secrets.map(({ name, description }): [string, Json] => [
    name,
    { type: "secureString", metadata: { description: armString(description) } },
  ]);
  const before = siblingsBefore(deployment.resources);
  const resources = deployment.resources.map((resource) =>
    armResource(resource, deployment, secrets, before.get(resource.path)),
  );
  const template = pretty({
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    metadata: { description: writtenBy(deployment.owner).join(" ") },
    parameters: {
      [serviceParameter]: {
        type: "string",
        defaultValue: deployment.service.name,
        metadata: { description: serviceNameDescription },
      },
      ...Object.fromEntries(secureStrings),
    },
    resources: [...deployment.roles.map(armRole), ...resources],
  });
  refuseWhatArmRefuses(deployment, {
    template,
    resources: resources.map((resource) => JSON.stringify(resource)),
    secrets: secrets.length,
  });
  return template;
}

function armResource(
  { path, body, apiVersion, dependsOn }: DeployedResource,
  { roles }: Deployment,
  secrets: readonly NamedSecret[],
  sibling: string | undefined,
): JsonObject {
  const { type, names: segments } = armTypeOf(path);
  const waitsFor = new Set([...dependsOn, ...(sibling === undefined ? [] : [sibling])]);
  const idOf = (other: string): string => {
    const role = roles.find((each) => each.path === other);
    return role === undefined ? resourceIdCall(other) : roleDeploymentCall(role);
  };
  const members = body.members.map(([key, member]): [string, Json] => [key, armValue(member, secrets)]);
  return {
    type,
    apiVersion,
    name: `[concat(parameters('${serviceParameter}'), '/${segments.join("/").replaceAll("'", "''")}')]`,
    ...(waitsFor.size === 0 ? {} : { dependsOn: [...waitsFor].map((other) => `[${idOf(other)}]`) }),
    ...Object.fromEntries(members),
  };
}

function pretty(value: JsonObject): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
