/** Repeats a call, several at a time if asked for, not faster than asked for, until there were enough or it is interrupted. */
import type { Clock } from "../core/ports.ts";
import type { ProbeCall, ProbeCaller } from "../core/probe/calls.ts";

export type ProbePlan = {
  /** How many calls, at most. */
  readonly count: number;
  /** No call begins later than this. */
  readonly durationMilliseconds: number;
  readonly concurrency: number;
  /** Calls that begin within a second, at most. */
  readonly perSecond: number;
};

export type ProbePorts = {
  readonly clock: Clock;
  readonly caller: ProbeCaller;
  readonly signal: AbortSignal;
  readonly onCall: (call: ProbeCall) => void;
};

/** Resolves with the milliseconds that it took. What was under way when it is interrupted is given up and does not count. */
export async function probe(plan: ProbePlan, ports: ProbePorts): Promise<number> {
  const { clock } = ports;
  const start = clock.now().getTime();
  const elapsed = (): number => clock.now().getTime() - start;
  let begun = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      if (begun >= plan.count || ports.signal.aborted) return;
      begun += 1;
      const number = begun;
      const due = ((number - 1) * 1000) / plan.perSecond;
      if (due >= plan.durationMilliseconds || !(await isTime(due - elapsed(), ports))) return;
      const at = elapsed();
      if (at >= plan.durationMilliseconds || !(await callOnce(number, at, ports))) return;
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency }, work));
  return elapsed();
}

/** False when it was interrupted. */
async function isTime(milliseconds: number, { clock, signal }: ProbePorts): Promise<boolean> {
  if (milliseconds <= 0) return !signal.aborted;
  return unlessAborted(signal, clock.sleep(milliseconds, signal)).then((done) => done !== undefined);
}

async function callOnce(
  number: number,
  at: number,
  { caller, signal, onCall }: ProbePorts,
): Promise<boolean> {
  const done = await unlessAborted(signal, caller.call(signal));
  if (done !== undefined) onCall({ number, at, result: done.value });
  return done !== undefined;
}

async function unlessAborted<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
): Promise<{ readonly value: Value } | undefined> {
  try {
    return { value: await work };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
