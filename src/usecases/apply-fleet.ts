/** Several services in one run: each plan is carried out beside the others, and one that fails does not stop the rest. */
import type { Action, ApplyEvent, ApplySummary, FleetSummary } from "../core/plan/plan.ts";

export type FleetMember = {
  readonly environment: string;
  /** Carries out the plan; throws only when nothing more can be said of it, such as when its journal cannot be written. */
  readonly apply: (onEvent: (event: ApplyEvent) => void) => Promise<ApplySummary>;
};

/**
 * Applies side by side; events are told with the environment that they are of. What one member throws is thrown when all have
 * ended.
 */
export async function applyFleet(
  members: readonly FleetMember[],
  onEvent: (environment: string, event: ApplyEvent) => void,
): Promise<FleetSummary> {
  const results = await Promise.allSettled(
    members.map(({ environment, apply }) => apply((event) => onEvent(environment, event))),
  );
  const summaries = results.flatMap((result, index): [string, ApplySummary][] => {
    const environment = members[index]?.environment ?? "";
    return result.status === "fulfilled" ? [[environment, result.value]] : [];
  });
  const refused = results.find((result) => result.status === "rejected");
  if (refused !== undefined) throw refused.reason;
  return sumUp(summaries);
}

function sumUp(summaries: readonly (readonly [string, ApplySummary])[]): FleetSummary {
  const all = summaries.map(([, summary]) => summary);
  const sum = (of: (summary: ApplySummary) => number): number =>
    all.reduce((total, summary) => total + of(summary), 0);
  const done = (action: Action): number => sum((summary) => summary.done[action]);
  return {
    event: "summary",
    formatVersion: 1,
    environments: Object.fromEntries(summaries),
    done: { create: done("create"), update: done("update"), adopt: done("adopt"), delete: done("delete") },
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    isInterrupted: all.some(({ isInterrupted }) => isInterrupted),
    changedByService: sum(({ changedByService }) => changedByService),
    milliseconds: Math.max(0, ...all.map(({ milliseconds }) => milliseconds)),
  };
}
