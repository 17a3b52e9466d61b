/** Requests for what is not below a service. */
import { handleAccount, handleDeployments, requireAccountOf } from "./accounts.ts";
import type { Answer } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import type { OutsidePath } from "./outside-path.ts";
import { handleRoleAssignments, handleRoleDefinitions } from "./role-assignments.ts";

export type OutsideRequest = {
  readonly method: string;
  readonly path: OutsidePath;
  readonly query: URLSearchParams;
  /** Undefined when there was none. */
  readonly body: unknown;
  readonly arm: ArmStore;
  readonly now: Date;
};

/** Carries out the request. Throws ArmError. */
export function handleOutside(request: OutsideRequest): Answer {
  const { provider, collection, parent } = request.path;
  if (provider === "Microsoft.CognitiveServices")
    return collection === "deployments" ? handleDeployments(request) : handleAccount(request);
  requireAccountOf(request.arm, parent);
  return collection === "roleAssignments" ? handleRoleAssignments(request) : handleRoleDefinitions(request);
}
