/** Specs exported, deployed onto a local APIM by what the module says, and planned again. */
import { exportModel } from "../../src/core/export/export-files.ts";
import type { ExportedModule } from "../../src/core/export/export-files.ts";
import type { ExportTarget } from "../../src/core/export/targets.ts";
import type { Model } from "../../src/core/model/resource.ts";
import { serviceArmId } from "../../src/core/ports.ts";
import { readArmModule } from "../support/export/arm.ts";
import { readBicepModule } from "../support/export/bicep.ts";
import type { ModuleResource } from "../support/export/deploy.ts";
import { readTerraformModule } from "../support/export/terraform.ts";

/** What a secret of a module is given as. */
export const givenSecret = "given-when-deployed";

/** The resources of an exported module, as its own tool would see them. */
export function readModule(model: Model, target: ExportTarget, principalId = ""): ModuleResource[] {
  return readExported(exportModel(model, target), target, model, principalId);
}

export function readExported(
  { files, secrets }: ExportedModule,
  target: ExportTarget,
  { service }: Pick<Model, "service">,
  /** Of the service's own identity. */
  principalId = "",
): ModuleResource[] {
  const byPath = new Map(files.map(({ path, text }) => [path, text]));
  if (byPath.size !== files.length) throw new Error("two files have one path");
  const given = Object.fromEntries(secrets.map(({ name }) => [name, givenSecret]));
  const serviceId = serviceArmId(service);
  const resourceGroupId = serviceId.slice(0, serviceId.indexOf("/providers/"));
  switch (target) {
    case "arm":
      return readArmModule(byPath, { resourceGroupId, principalId, parameters: given });
    case "bicep":
      return readBicepModule(byPath, {
        resourceGroupId,
        principalId,
        environment: asEnvironment(given),
      });
    case "terraform":
      return readTerraformModule(byPath, { serviceId, principalId, variables: given });
  }
}

/** `namedValueX` is `NAMED_VALUE_X`. */
function asEnvironment(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase(),
      value,
    ]),
  );
}
