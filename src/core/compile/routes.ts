/** What an operation says of where its calls go, with everything decided: one route, or one for each of its models. */
import type { OperationSpec, RouteSpec } from "../spec/schema.ts";
import type { Accounts } from "./deployment-names.ts";
import { resolvePoolRetry } from "./pool-retry.ts";
import { resolveFallback, resolveRetry } from "./routing.ts";
import type { ResolvedFallback, ResolvedRetry } from "./routing.ts";

export type Route = {
  /** Keys that lead from the operation to what was written: none, or `models` and the model. */
  readonly path: readonly string[];
  readonly backend: string | undefined;
  readonly retry: ResolvedRetry | undefined;
  readonly fallback: ResolvedFallback | undefined;
  /** Where `fallback` lists its targets, below the route. */
  readonly list: readonly string[];
  readonly timeout: string | undefined;
  /** Why `retry: true` means what it does, for the plan. */
  readonly note: string | undefined;
};

export function resolveRoute(
  spec: Accounts,
  written: OperationSpec | RouteSpec,
  path: readonly string[] = [],
): Route {
  const { backend, timeout } = written;
  const { retry, note } = decideRetry(spec, written);
  return {
    path,
    backend,
    retry,
    fallback: resolveFallback(written.fallback),
    list: Array.isArray(written.fallback) ? ["fallback"] : ["fallback", "to"],
    timeout,
    note: note === undefined || path.length === 0 ? note : `${path.at(-1) ?? ""}: ${note}`,
  };
}

/** Ids of the backends and pools that the route may take, main one first. */
export function targetIds({ backend, fallback }: Pick<Route, "backend" | "fallback">): string[] {
  return [...(backend === undefined ? [] : [backend]), ...(fallback?.to ?? [])];
}

function decideRetry(
  { pools, backends }: Accounts,
  { retry, backend }: OperationSpec | RouteSpec,
): { readonly retry: ResolvedRetry | undefined; readonly note?: string } {
  if (retry !== true) return { retry: resolveRetry(retry) };
  const pool = backend === undefined ? undefined : pools?.[backend];
  if (pool === undefined) return { retry: undefined };
  const chosen = resolvePoolRetry(pool, backends ?? {});
  const times = chosen.count === 1 ? "once" : `${chosen.count} times`;
  return { retry: chosen, note: `retry: true tries again up to ${times}: ${chosen.reason}` };
}
