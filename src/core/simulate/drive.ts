/** Fulfils what a request asks for, in virtual time. */
import type { CallResult, Effect, OutgoingCall, Steps } from "../gateway/exchange.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A result, and how long it takes to come. */
export type Delivery = { readonly result: CallResult; readonly milliseconds: number };

export type Transport = (call: OutgoingCall) => Delivery;

/** What steps ended with when they did not come to their end. */
export type Thrown = { readonly thrown: unknown };

/** Runs steps to their end; then calls `done`, with the error if they ended with one. */
export function drive(
  steps: Steps,
  time: VirtualTime,
  transport: Transport,
  done: (error?: Thrown) => void,
): void {
  const next = (error?: Thrown): void => {
    let step: IteratorResult<Effect, void>;
    try {
      step = error === undefined ? steps.next() : steps.throw(error.thrown);
    } catch (thrown) {
      done({ thrown });
      return;
    }
    if (step.done === true) done();
    else fulfil(step.value, time, transport, next);
  };
  next();
}

type Next = (error?: Thrown) => void;

function fulfil(effect: Effect, time: VirtualTime, transport: Transport, next: Next): void {
  switch (effect.kind) {
    case "wait":
      time.at(time.now + effect.milliseconds, next);
      return;
    case "send": {
      const { result, milliseconds } = withinTimeout(transport(effect.call), effect.call);
      time.at(time.now + milliseconds, () => {
        effect.result = result;
        next();
      });
      return;
    }
    case "together":
      runTogether(effect.tasks, effect.until === "any", time, transport, next);
  }
}

/** The same, or a timeout when the caller does not wait that long. */
export function withinTimeout(delivery: Delivery, { timeoutMilliseconds }: OutgoingCall): Delivery {
  if (delivery.milliseconds <= timeoutMilliseconds) return delivery;
  const message = "Request to the backend service timed out";
  return { result: { kind: "failed", reason: "Timeout", message }, milliseconds: timeoutMilliseconds };
}

function runTogether(
  tasks: readonly Steps[],
  isFirstEnough: boolean,
  time: VirtualTime,
  transport: Transport,
  next: Next,
): void {
  let left = tasks.length;
  let isOver = false;
  const end: Next = (error) => {
    if (isOver) return;
    isOver = true;
    // Not from within another task's step.
    time.at(time.now, () => next(error));
  };
  if (left === 0) end();
  for (const task of tasks) {
    drive(task, time, transport, (error) => {
      left -= 1;
      if (error !== undefined || isFirstEnough || left === 0) end(error);
    });
  }
}
