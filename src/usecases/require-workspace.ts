import { Failure } from "../core/failure.ts";
import { baseArmId, serviceArmId } from "../core/ports.ts";
import type { ServiceReader, ServiceRef } from "../core/ports.ts";

/**
 * A workspace that is not there answers 404 to everything, as one does in which there is nothing: without asking, a plan would want to
 * make all of it. Does nothing where no workspace is named. Throws Failure `SERVICE.NO_WORKSPACE`, and ServiceFailure.
 */
export async function requireWorkspace(service: ServiceReader & { readonly ref: ServiceRef }): Promise<void> {
  const { ref } = service;
  if (ref.workspace === undefined) return;
  if ((await service.get(baseArmId(ref))) !== undefined) return;
  const url = `${serviceArmId(ref)}/workspaces/${ref.workspace}?api-version=2024-05-01`;
  throw new Failure("SERVICE.NO_WORKSPACE", `service \`${ref.name}\` has no workspace \`${ref.workspace}\``, {
    why: "`service.workspace` names the workspace that everything is in, and apimgw does not make it",
    remedy: `correct \`service.workspace\`; or make the workspace in the portal, or with the id as its name: az rest --method put --url "${url}" --body '{"properties":{"displayName":"${ref.workspace}"}}'`,
  });
}
