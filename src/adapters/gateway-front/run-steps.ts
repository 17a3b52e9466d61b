/** Fulfils what a request asks for, in real time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CallResult, Effect, OutgoingCall, Steps } from "../../core/gateway/exchange.ts";

/** Calls somebody. Rejects with the signal's reason when that is aborted, and for nothing else. */
export type Send = (call: OutgoingCall, signal: AbortSignal) => Promise<CallResult>;

/** The longest delay a Node timer takes. */
const longestTimer = 2 ** 31 - 1;

/** Runs steps to their end. Rejects with what they throw, and with the signal's reason when it is aborted on the way. */
export async function runSteps(steps: Steps, send: Send, signal: AbortSignal): Promise<void> {
  let step = steps.next();
  while (step.done !== true) {
    const failure = await fulfil(step.value, send, signal);
    step = failure === undefined ? steps.next() : steps.throw(failure.error);
  }
}

/** What went wrong, if something did: the steps have a say in it. */
async function fulfil(
  effect: Effect,
  send: Send,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    signal.throwIfAborted();
    switch (effect.kind) {
      case "wait":
        await sleep(Math.min(effect.milliseconds, longestTimer), undefined, { signal });
        break;
      case "send":
        effect.result = await send(effect.call, signal);
        break;
      case "together":
        await runTogether(effect.tasks, effect.until === "any", send, signal);
    }
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** The tasks that are left when it is over are given up. */
async function runTogether(
  tasks: readonly Steps[],
  isFirstEnough: boolean,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  if (tasks.length === 0) return;
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const running = tasks.map((task) => runSteps(task, send, both));
  try {
    await (isFirstEnough ? Promise.race(running) : Promise.all(running));
  } finally {
    over.abort();
    await Promise.allSettled(running);
  }
}
