/** Fulfils what a request asks for, in virtual time. */
import type { CallFailure, CallResult, Effect, OutgoingCall, Steps } from "../gateway/exchange.ts";
import { PassingBody } from "./passing-body.ts";
import { bufferStream, EventStreamBody, paceEvents } from "./streamed-answer.ts";
import type { StreamPace } from "./streamed-answer.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A result, and how long it takes to come: to its headers where it is a stream. */
export type Delivery = {
  readonly result: CallResult;
  readonly milliseconds: number;
  /** How the body goes on, where it is an EventStreamBody that does not come all at once. */
  readonly pace?: StreamPace | undefined;
};

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
      const delivery = withinTimeout(transport(effect.call), effect.call);
      const { result, milliseconds } = arrival(delivery, effect.call, time.now);
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

/** Why a stream that has broken off is no answer to who reads it. */
export const brokenOff: CallFailure = {
  kind: "failed",
  reason: "BackendConnectionFailure",
  message: "The connection to the backend was closed while its answer was on the way.",
};

/** A stream passes as it comes; a policy that reads it has to wait for the whole, and gets none that breaks off [observed]. */
function arrival({ result, milliseconds, pace }: Delivery, call: OutgoingCall, now: number): Delivery {
  if (pace === undefined || result.kind === "failed" || !(result.body instanceof EventStreamBody)) {
    return { result, milliseconds };
  }
  const stream = paceEvents(result.body.events, pace);
  if (call.answerUse === "content") {
    return { result: stream.isCut ? brokenOff : result, milliseconds: milliseconds + stream.endsAfter };
  }
  const passed = call.buffersResponse ? bufferStream(stream) : stream;
  return { result: { ...result, body: new PassingBody(passed, now + milliseconds) }, milliseconds };
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
