/** What can go wrong during a run, as a hook for the local APIM that is set anew for every run. */
import fc from "fast-check";
import type { Fault, FaultHook } from "../../src/adapters/local/faults.ts";

/** Faults by the number of the request they befall; those that only a write can have wait for the next one. */
export type Weather = {
  readonly faults: readonly { readonly at: number; readonly fault: Fault }[];
  /** From this request on nothing is carried out any more, as if the process had been killed; the request itself may be. */
  readonly kill: { readonly at: number; readonly carriesOut: boolean } | undefined;
  /** The run is interrupted with this request, as by Ctrl-C. */
  readonly interruptAt: number | undefined;
  /** It begins while the run still reads, and not with its first write. */
  readonly whileReading: boolean;
};

export const calm: Weather = { faults: [], kill: undefined, interruptAt: undefined, whileReading: false };

const refusal = (status: number, code: string, message = "Injected."): Fault => ({ status, code, message });
const anyRequest: readonly Fault[] = [
  { status: 429, code: "SubscriptionRequestsThrottled", message: "Later.", headers: { "Retry-After": "2" } },
  refusal(500, "InternalServerError"),
  refusal(503, "ServiceUnavailable"),
  refusal(403, "AuthorizationFailed"),
  { drop: "before" },
  { drop: "after" },
  { delay: 5000, when: "before" },
  { delay: 5000, when: "after" },
];
const writesOnly: readonly Fault[] = [
  refusal(409, "PessimisticConcurrencyConflict", "Operation on the API is in progress"),
  refusal(412, "PreconditionFailed", "Resource was modified since last retrieval."),
  refusal(422, "ManagementApiRequestFailed"),
  { race: "touch" },
  { race: "edit" },
  { late: { milliseconds: 3000 } },
  { failImport: { status: 400, code: "ValidationError", message: "Injected." } },
];

export const weather: fc.Arbitrary<Weather> = fc.record({
  faults: fc.array(
    fc.record({
      at: fc.nat(40),
      fault: fc.oneof(fc.constantFrom(...anyRequest), fc.constantFrom(...writesOnly)),
    }),
    { maxLength: 8 },
  ),
  kill: fc.option(fc.record({ at: fc.nat(40), carriesOut: fc.boolean() }), { nil: undefined, freq: 1 }),
  interruptAt: fc.option(fc.nat(40), { nil: undefined, freq: 1 }),
  whileReading: fc.constantFrom(false, false, false, true),
});

export type Sky = {
  readonly hook: FaultHook;
  /** From now on. Gives the signal that is aborted when the weather interrupts the run. */
  readonly set: (weather: Weather) => AbortSignal;
  /** The writes since then: `PUT backends/a`. */
  readonly writes: () => readonly string[];
};

export function createSky(): Sky {
  let current = calm;
  let interruption = new AbortController();
  let requests = 0;
  let waiting: Fault[] = [];
  let writes: string[] = [];
  const faultsNow = (isWrite: boolean): Fault[] => {
    const { kill, faults, interruptAt } = current;
    const number = requests++;
    if (kill !== undefined && number >= kill.at)
      return [{ drop: number === kill.at && kill.carriesOut ? "after" : "before" }];
    if (number === interruptAt) interruption.abort("SIGINT");
    waiting.push(...faults.filter(({ at }) => at === number).map(({ fault }) => fault));
    const due = waiting.filter((fault) => isWrite || !writesOnly.includes(fault));
    waiting = waiting.filter((fault) => !due.includes(fault));
    return due;
  };
  return {
    hook: ({ method, path }) => {
      const isWrite = method !== "GET" && method !== "HEAD";
      if (isWrite) writes.push(`${method} ${path}`);
      return faultsNow(isWrite);
    },
    set: (next) => {
      current = next;
      interruption = new AbortController();
      [requests, waiting, writes] = [0, [], []];
      return interruption.signal;
    },
    writes: () => writes,
  };
}
