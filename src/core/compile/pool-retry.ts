/**
 * What `retry: true` means for a pool: on 429 and 503, at once, as often as it takes to get past every member that can
 * trip. A member trips after `circuitBreaker.count` failures, so that many tries may meet it before the pool passes it
 * over; the last member that is left has nothing behind it to reach.
 */
import { compareText } from "../problem.ts";
import type { BackendSpec, PoolSpec } from "../spec/schema.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";
import { mostRetries } from "./routing.ts";
import type { ResolvedRetry } from "./routing.ts";

const retriedStatuses = [429, 503];

export type PoolRetry = ResolvedRetry & {
  /** Why this count, for the plan: "3 failures trip main-backend". */
  readonly reason: string;
};

type Member = { readonly id: string; readonly priority: number; readonly failures: number };

/** Decides `retry: true`. Backends that the pool names but the spec lacks are reported elsewhere and skipped here. */
export function resolvePoolRetry(pool: PoolSpec, backends: Readonly<Record<string, BackendSpec>>): PoolRetry {
  const members = pool.members.map((member): Member => {
    const backend = backends[member.backend];
    return {
      id: member.backend,
      priority: member.priority ?? 0,
      failures: backend === undefined ? 0 : failuresToTrip(backend),
    };
  });
  const passed = membersToPass(members);
  const needed = passed.reduce((sum, member) => sum + member.failures, 0);
  const count = Math.min(mostRetries, Math.max(1, needed));
  return { on: retriedStatuses, count, intervalSeconds: 0, reason: reasonFor(passed, needed) };
}

/** How many answers of 429 or 503 open the breaker; 0 when they never do. A percentage may open it at the first. */
function failuresToTrip(backend: BackendSpec): number {
  const breaker = backend.circuitBreaker;
  if (breaker?.statusCodes === undefined) return 0;
  const ranges = parseStatusCodes(breaker.statusCodes);
  const counts = retriedStatuses.some((status) =>
    ranges.some(({ min, max }) => min <= status && status <= max),
  );
  return counts ? (breaker.count ?? 1) : 0;
}

function membersToPass(members: readonly Member[]): readonly Member[] {
  const tripping = members.filter((member) => member.failures > 0);
  if (tripping.length < members.length) return tripping;
  const inOrder = [...tripping].sort(
    (a, b) => a.priority - b.priority || b.failures - a.failures || compareText(a.id, b.id),
  );
  return inOrder.slice(0, -1);
}

function reasonFor(passed: readonly Member[], needed: number): string {
  if (passed.length === 0)
    return "no member's circuit breaker counts 429 or 503, so the next try takes the pool's next turn";
  const parts = passed.map(({ id, failures }) =>
    failures === 1 ? `1 failure trips ${id}` : `${failures} failures trip ${id}`,
  );
  const capped = needed > mostRetries ? `; retry takes ${mostRetries} at most` : "";
  return `${parts.join(", ")}${capped}`;
}
