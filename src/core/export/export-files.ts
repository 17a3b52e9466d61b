/** A model as the files of a module in another tool's language. */
import { Failure } from "../failure.ts";
import type { Model } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { armFiles } from "./arm/arm-template.ts";
import { bicepFiles } from "./bicep/bicep-module.ts";
import { deploymentOf } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { camelSecrets, snakeSecrets } from "./secret-names.ts";
import type { NamedSecret } from "./secret-names.ts";
import type { ExportTarget } from "./targets.ts";
import type { TextFile } from "./template.ts";
import { terraformFiles } from "./terraform/terraform-module.ts";

export type ExportedModule = {
  /** Sorted by path. */
  readonly files: readonly TextFile[];
  /** The file that says whose module it is. */
  readonly mainFile: string;
  /** What whoever deploys must give, by the names that it has in the module. */
  readonly secrets: readonly NamedSecret[];
};

type Target = {
  readonly mainFile: string;
  readonly write: (deployment: Deployment, secrets: readonly NamedSecret[]) => TextFile[];
  readonly secrets: (deployment: Deployment) => NamedSecret[];
};

const targets: Readonly<Record<ExportTarget, Target>> = {
  bicep: { mainFile: "main.bicep", write: bicepFiles, secrets: camelSecrets },
  terraform: { mainFile: "main.tf", write: terraformFiles, secrets: snakeSecrets },
  arm: { mainFile: "azuredeploy.json", write: armFiles, secrets: camelSecrets },
};

/**
 * A part of a model that makes resources must be exported, or refused with a reason: nothing is left out without a word. So a model
 * with a part that does not stand here cannot be passed to exportModel.
 */
type KnownPart = "owner" | "service" | "resources" | "apis" | "expected" | "roles";
type ExportableModel = keyof Model extends KnownPart ? Model : never;

/**
 * The module. Throws Failure `EXPORT.PARTIAL`, `EXPORT.TOO_LARGE`, `EXPORT.NAME` for what a language cannot say, `EXPORT.ROLES`
 * for roles that only Azure knows, and `EXPORT.REVISION` for a spec that releases revisions.
 */
export function exportModel(model: ExportableModel, target: ExportTarget): ExportedModule {
  refuseRevisions(model);
  const deployment = deploymentOf(model);
  const { mainFile, write, secrets: secretsOf } = targets[target];
  const secrets = secretsOf(deployment);
  const files = write(deployment, secrets).sort((a, b) => compareText(a.path, b.path));
  return { files, mainFile, secrets };
}

/** A revision is made from the one that is there, and released after everything else: a module, which says how things are to be, cannot. */
function refuseRevisions({ apis }: Model): void {
  const api = apis.find(({ revision }) => revision !== undefined);
  if (api === undefined) return;
  throw new Failure("EXPORT.REVISION", `the API \`${api.id}\` is changed in new revisions`, {
    why: "a module changes the API itself, so that calls meet it half deployed, and nothing is left to be released",
    remedy: `Remove \`revision\`, with \`apis: { ${api.id}: { revision: null } }\` in an overlay of \`environments\` for the export if need be; or use \`apimgw apply\`.`,
  });
}
