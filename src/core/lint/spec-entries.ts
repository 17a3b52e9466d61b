/** Walks over the spec that several rules share. */
import type { ApiSpec, BackendSpec, OperationSpec, PoolSpec } from "../spec/schema.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";
import { resolveFallback } from "../compile/routing.ts";
import { pointer } from "../spec/source.ts";
import type { LintContext } from "./rule.ts";

export type ListedOperation = {
  readonly apiId: string;
  readonly api: ApiSpec;
  readonly id: string;
  /** For an operation that goes by model: with what one of its models says of where its calls go. */
  readonly operation: OperationSpec;
  /** JSON pointer of what says where its calls go. */
  readonly at: string;
};

/** Every operation; one that goes by model once for each model that is open. */
export function listedOperations({ spec }: LintContext): ListedOperation[] {
  return Object.entries(spec.apis ?? {}).flatMap(([apiId, api]) =>
    Object.entries(api.operations ?? {}).flatMap(([id, operation]): ListedOperation[] => {
      const at = pointer("apis", apiId, "operations", id);
      if (operation.models === undefined) return [{ apiId, api, id, operation, at }];
      return Object.entries(operation.models).flatMap(([model, route]) =>
        route === "deny"
          ? []
          : [
              {
                apiId,
                api,
                id,
                operation: { ...operation, ...route },
                at: `${at}${pointer("models", model)}`,
              },
            ],
      );
    }),
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
