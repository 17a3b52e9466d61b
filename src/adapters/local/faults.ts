/**
 * Bad weather: what the local APIM answers instead of, or does besides, the real thing. One mechanism: a file of rules
 * (fault-file.ts) becomes the same hook that a test writes in code.
 */
import type { JsonObject } from "../../core/json.ts";

export type FaultRequest = {
  readonly method: string;
  /** ARM path below the service, as sent: `apis/x/operations`; empty for the service itself; of what is not below one the whole ARM id. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly subscriptionId: string;
  readonly now: Date;
};

/** A refusal in APIM's shape. */
export type FaultAnswer = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Fault =
  /** This answer, and the request is not carried out. */
  | FaultAnswer
  /** The connection breaks: before anything is done, or after the request was carried out, its answer lost. */
  | { readonly drop: "before" | "after" }
  /** The answer takes longer: the work is done after the delay, or before it. */
  | { readonly delay: number; readonly when: "before" | "after" }
  /** Somebody else writes to the resource just before this write: its content changes, or its ETag alone. */
  | { readonly race: "edit" | "touch" }
  /** The resource that this request creates is missing to the next reads, or to all of them for a time. */
  | { readonly late: { readonly reads: number } | { readonly milliseconds: number } }
  /** The import or the deletion of an API that this request begins ends in this error: it shows only when it is polled. */
  | { readonly failImport: FaultAnswer }
  /** Added to whatever is answered. */
  | { readonly headers: Readonly<Record<string, string>> };

/**
 * Asked once for every request that names a service, in the order in which they come in. All faults it gives take effect; of
 * several answers and broken connections the first one does. Nothing lets the request through.
 */
export type FaultHook = (request: FaultRequest) => Fault | readonly Fault[] | undefined;

/** What is to be done about one request. */
export type FaultPlan = {
  /** Answered in place of the service. */
  readonly answer: FaultAnswer | undefined;
  readonly drop: "before" | "after" | undefined;
  readonly delayBefore: number;
  readonly delayAfter: number;
  readonly race: "edit" | "touch" | undefined;
  readonly late: { readonly reads: number } | { readonly milliseconds: number } | undefined;
  readonly failImport: FaultAnswer | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

/** Puts the faults of one request together. */
export function planFaults(given: ReturnType<FaultHook>): FaultPlan {
  const faults = given === undefined ? [] : isList(given) ? given : [given];
  const end = faults.find((fault) => "status" in fault || "drop" in fault);
  return {
    answer: end !== undefined && "status" in end ? end : undefined,
    drop: end !== undefined && "drop" in end ? end.drop : undefined,
    delayBefore: delayOf(faults, "before"),
    delayAfter: delayOf(faults, "after"),
    race: faults.flatMap((fault) => ("race" in fault ? fault.race : []))[0],
    late: faults.flatMap((fault) => ("late" in fault ? fault.late : []))[0],
    failImport: faults.flatMap((fault) => ("failImport" in fault ? fault.failImport : []))[0],
    headers: Object.fromEntries(
      faults.flatMap((fault) =>
        "headers" in fault && !("status" in fault) ? Object.entries(fault.headers) : [],
      ),
    ),
  };
}

function isList(given: Fault | readonly Fault[]): given is readonly Fault[] {
  return Array.isArray(given);
}

function delayOf(faults: readonly Fault[], when: "before" | "after"): number {
  return faults.reduce((sum, fault) => sum + ("delay" in fault && fault.when === when ? fault.delay : 0), 0);
}

/** The body of an injected answer. */
export function faultBody({ code, message }: FaultAnswer): JsonObject {
  return { error: { code, message, details: null } };
}
