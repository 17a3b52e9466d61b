/** Walks over the spec that several rules share. */
import type { ApiSpec, BackendSpec, OperationSpec, PoolSpec } from "../spec/schema.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";
import { resolveFallback } from "../compile/routing.ts";
import type { LintContext } from "./rule.ts";

export type ListedOperation = {
  readonly apiId: string;
  readonly api: ApiSpec;
  readonly id: string;
  readonly operation: OperationSpec;
};

export function listedOperations({ spec }: LintContext): ListedOperation[] {
  return Object.entries(spec.apis ?? {}).flatMap(([apiId, api]) =>
    Object.entries(api.operations ?? {}).map(([id, operation]) => ({ apiId, api, id, operation })),
  );
}

export function backendEntries({ spec }: LintContext): [string, BackendSpec][] {
  return Object.entries(spec.backends ?? {});
}

export function poolEntries({ spec }: LintContext): [string, PoolSpec][] {
  return Object.entries(spec.pools ?? {});
}

/** Ids of the backends and pools that an operation may send to, main one first. */
export function targetsOf(operation: OperationSpec): string[] {
  const fallback = resolveFallback(operation.fallback)?.to ?? [];
  return [...(operation.backend === undefined ? [] : [operation.backend]), ...fallback];
}

/** Ids of the backends that calls of an operation may reach, pools by their members; each once. */
export function backendsOf({ spec }: LintContext, operation: OperationSpec): string[] {
  const reached = targetsOf(operation).flatMap(
    (target) => spec.pools?.[target]?.members.map(({ backend }) => backend) ?? [target],
  );
  return [...new Set(reached)];
}

/** Whether an answer of 429 counts as a failure for the backend's breaker. */
export function tripsOnThrottling(backend: BackendSpec | undefined): boolean {
  const codes = backend?.circuitBreaker?.statusCodes;
  return codes !== undefined && parseStatusCodes(codes).some(({ min, max }) => min <= 429 && 429 <= max);
}
