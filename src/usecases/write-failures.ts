/** How a write can fail, in words for people, and what a failure leaves open. */
import { ServiceFailure } from "../core/failure.ts";
import type { Step } from "../core/plan/compare.ts";
import type { Resource } from "../core/model/resource.ts";

/** The service holds neither what the plan saw nor what it wants. */
export class ChangedSincePlan extends ServiceFailure {
  /** A diff of what was planned from against what is there. */
  readonly changes: string;

  constructor(what: string, changes: string) {
    super("SERVICE.CHANGED", what, {
      status: 412,
      remedy: "Plan again and look at what has changed.",
    });
    this.changes = changes;
  }
}

/** What the work gives, or the ServiceFailure that it throws; throws anything else. */
export async function orFailure<T>(work: Promise<T>): Promise<T | ServiceFailure> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return error;
  }
}

/** Whether what the service holds may be what was to be written all the same. */
export function leavesDoubt({ status, code }: ServiceFailure): boolean {
  if (status === undefined) return code === "SERVICE.UNREACHABLE" || code === "SERVICE.FAILED";
  return [404, 409, 412, 422, 429].includes(status) || status >= 500;
}

/** A failed write of which it is known now that it was not carried out. */
export function notCarriedOut(failure: ServiceFailure): ServiceFailure {
  return failure.status === undefined
    ? withWhy(failure, "it was not carried out: the service holds what it held before")
    : failure;
}

/** A failed write of which nobody knows what became. */
export function inDoubt(failure: ServiceFailure, { change }: Step): ServiceFailure {
  if (failure.why !== undefined || (failure.status !== undefined && failure.status < 500)) return failure;
  const verb = change.action === "delete" ? "deleted" : "written";
  return withWhy(failure, `whether \`${change.path}\` was ${verb} is not known`);
}

function withWhy({ code, message, status, details, remedy }: ServiceFailure, why: string): ServiceFailure {
  return new ServiceFailure(code, message, {
    why,
    details,
    ...(status === undefined ? {} : { status }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** A revision that is not released since a part of it is not as it should be. */
export function notWhole({ dependsOn: [target = ""] }: Resource, { path }: Resource): ServiceFailure {
  return new ServiceFailure(
    "SERVICE.CHANGED",
    `\`${path}\` is not as the spec wants it, so \`${target}\` is not released`,
    {
      why: "the service has not copied it, or somebody has changed it meanwhile; calls still get the revision before",
      remedy: "Plan again: the next apply goes on with this revision.",
    },
  );
}

/** A write that was answered for and has left nothing behind. */
export function lost({ change: { path } }: Step): ServiceFailure {
  return new ServiceFailure("SERVICE.FAILED", `\`${path}\` was written, but it is not on the service`, {
    why: "the service answered that it was, and has not shown it since",
    remedy: "Plan again in some minutes.",
  });
}
