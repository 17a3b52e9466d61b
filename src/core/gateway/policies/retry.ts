import {
  conditionReader,
  flagReader,
  numberReader,
  requiredAttribute,
  requiredNumber,
} from "../attributes.ts";
import { enterError } from "../error-state.ts";
import type { Effect, Exchange, Statement } from "../exchange.ts";
import { note, wait } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { PolicyError } from "../policy-error.ts";
import { runStatements } from "../run-statements.ts";

export type Waits = {
  readonly interval: number;
  readonly delta: number | undefined;
  readonly maxInterval: number | undefined;
  readonly firstFast: boolean;
};

/**
 * Seconds to wait before retry `attempt`, which counts from 1. The page's own example fits an exponent that starts at 0, and a
 * fast first retry uses up that step, as in the .NET block that has the same formulas.
 */
export function retryWait(
  { interval, delta, maxInterval, firstFast }: Waits,
  attempt: number,
  random: () => number,
): number {
  if (firstFast && attempt === 1) return 0;
  if (delta === undefined) return interval;
  if (maxInterval === undefined) return interval + (attempt - 1) * delta;
  const jittered = delta * (0.8 + 0.4 * random());
  return Math.min(maxInterval, interval + (2 ** (attempt - 1) - 1) * jittered);
}

export const retry: PolicyRunner = {
  name: "retry",
  fidelity: {
    level: "full",
    notes: [
      [
        "Children run once, then up to `count` times more while the condition holds after them.",
        "documented",
      ],
      [
        "Waits: fixed, linear with `delta`, exponential with `max-interval`, none for a fast first retry.",
        "documented",
      ],
      [
        "A child that fails ends its attempt; the condition is tested all the same, on a status of 500 or more.",
        "observed",
      ],
      ["Which exponent the first wait has, and that a fast first retry uses it up.", "inferred"],
    ],
  },
  prepare: (element, preparation) => {
    const holds = conditionReader(requiredAttribute(element, "condition"), "retry/@condition");
    const count = requiredNumber(element, "count");
    const interval = requiredNumber(element, "interval");
    const delta = numberReader(element, "delta");
    const maxInterval = numberReader(element, "max-interval");
    const firstFast = flagReader(element, "first-fast-retry", false);
    const statements = preparation.children(element);
    return function* (exchange) {
      const own = exchange.at;
      const most = count(exchange);
      for (let attempt = 1; ; attempt += 1) {
        const error = yield* attemptOnce(statements, exchange);
        if (exchange.isEnded) return;
        exchange.at = own;
        if (error !== undefined && exchange.options.responseAfterFailure === "null") {
          exchange.context.response = null;
        }
        const isWanted = attempt <= most && holds(exchange);
        note(exchange, () => describe(attempt, most, isWanted));
        if (!isWanted) {
          if (error === undefined) return;
          exchange.at = error.at;
          throw error.error;
        }
        exchange.context.lastError = null;
        const waits = {
          interval: interval(exchange),
          delta: delta?.(exchange),
          maxInterval: maxInterval?.(exchange),
          firstFast: firstFast(exchange),
        };
        yield* wait(retryWait(waits, attempt, exchange.context.sources.random) * 1000);
      }
    };
  },
};

type Failed = { readonly error: PolicyError; readonly at: Statement | undefined };

function* attemptOnce(
  statements: readonly Statement[],
  exchange: Exchange,
): Generator<Effect, Failed | undefined, undefined> {
  try {
    const steps = runStatements(statements, exchange);
    if (steps !== undefined) yield* steps;
    return undefined;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const failed = { error, at: exchange.at };
    enterError(exchange, error);
    return failed;
  }
}

function describe(attempt: number, most: number, isWanted: boolean): string {
  if (attempt > most) return `all ${most} retries are made`;
  return isWanted ? `the condition holds: retry ${attempt} of ${most}` : "the condition does not hold";
}
