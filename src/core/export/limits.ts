/** What an ARM deployment takes, be it of a template or of Bicep, which is compiled to one (learn.microsoft.com, "ARM template limits"). */
import { Failure } from "../failure.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Deployment, DeployedResource } from "./deployment.ts";

const megabyte = 1024 * 1024;
const maxTemplateBytes = 4 * megabyte;
const maxResourceBytes = megabyte;
const maxResources = 800;
/** The service's name is one of 256. */
const maxSecrets = 255;

const other =
  "Export to Terraform, which has no such limit, or use `apimgw apply`; or leave more out of the spec: with `unlisted: remove` only the listed operations are imported.";

/** Throws Failure `EXPORT.PARTIAL`, `EXPORT.TOO_LARGE` when ARM would refuse the template that this compiles to. */
export function refuseWhatArmRefuses(
  { resources }: Deployment,
  compiled: { readonly template: string; readonly resources: readonly string[]; readonly secrets: number },
): void {
  for (const resource of resources) refusePartial(resource);
  for (const [index, text] of compiled.resources.entries()) {
    const resource = resources[index];
    if (resource === undefined || Buffer.byteLength(text) <= maxResourceBytes) continue;
    throw tooLarge(
      `the ${kinds[resource.kind].title} \`${resource.id}\` has ${inMegabytes(text)}`,
      "1 MB for a resource",
    );
  }
  if (Buffer.byteLength(compiled.template) > maxTemplateBytes)
    throw tooLarge(`the template has ${inMegabytes(compiled.template)}`, "4 MB for a template");
  if (resources.length > maxResources)
    throw tooLarge(`the gateway has ${resources.length} resources`, `${maxResources} resources`);
  if (compiled.secrets > maxSecrets)
    throw tooLarge(`the gateway has ${compiled.secrets} secrets`, "256 parameters");
}

/** A deployment replaces what it names. */
function refusePartial({ isPartial, id }: DeployedResource): void {
  if (!isPartial) return;
  throw new Failure(
    "EXPORT.PARTIAL",
    `the API \`${id}\` is on the service already, and the spec sets some of its properties`,
    {
      why: "an ARM deployment, from a template or from Bicep, replaces the whole API: what the spec does not say would be lost",
      remedy:
        "Set these properties (displayName, description, path, serviceUrl, subscriptionKey) where the API is made and take them out of the spec; or export to Terraform; or use `apimgw apply`.",
    },
  );
}

function tooLarge(what: string, limit: string): Failure {
  return new Failure("EXPORT.TOO_LARGE", what, {
    why: `an ARM deployment takes at most ${limit}`,
    remedy: other,
  });
}

function inMegabytes(text: string): string {
  return `${(Buffer.byteLength(text) / megabyte).toFixed(1)} MB`;
}
