/** Removes what a spec owns: the plan of a spec that wants nothing. */
import { Failure } from "../core/failure.ts";
import { plainly } from "../core/plan/compare.ts";
import type { PlannedSteps } from "../core/plan/compare.ts";
import { everything } from "../core/plan/select.ts";
import type { Selection } from "../core/plan/select.ts";
import { wantedRoles } from "../core/compile/roles.ts";
import type { WantedRoles } from "../core/model/resource.ts";
import { serviceRef } from "../core/ports.ts";
import type { Files, LiveService, ServiceRef } from "../core/ports.ts";
import { loadGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";
import { planModel } from "./plan.ts";

export type Owner = {
  readonly name: string;
  readonly service: ServiceRef;
  /** Where its role assignments are looked for; absent: nowhere. */
  readonly roles?: WantedRoles;
};

/**
 * Whose resources, and where. The spec must be sound by itself; what it compiles to does not matter. Throws Failure
 * `SPEC.INVALID` and `FILE.*`.
 */
export async function loadOwner(files: Files, request: GatewayRequest): Promise<Owner> {
  const { parsed, problems } = await loadGateway(files, request);
  if (parsed === undefined) {
    const errors = problems.filter(({ severity }) => severity === "error");
    throw new Failure("SPEC.INVALID", `${request.file} has errors`, { problems: errors });
  }
  const { name, service } = parsed.spec;
  const wanted = wantedRoles(parsed);
  const owner = { name, service: serviceRef(service) };
  // What was given while the spec said `manage` goes too when it no longer does.
  return wanted === undefined ? owner : { ...owner, roles: { ...wanted, mode: "manage", accounts: [] } };
}

/** The deletion of everything that carries the owner's mark, or of what is selected of it. Throws ServiceFailure and Failure `PLAN.PROTECTED`. */
export async function planDestroy(
  service: LiveService,
  owner: Owner,
  selection: Selection = everything,
): Promise<PlannedSteps> {
  const { name, service: ref, roles } = owner;
  const nothing = { owner: name, service: ref, resources: [], apis: [], expected: [] };
  const model = roles === undefined ? nothing : { ...nothing, roles };
  return planModel(service, model, { ...plainly, selection });
}
