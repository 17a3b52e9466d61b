/** Circuit breaker of one backend on one gateway instance. */
import type { StatusRange } from "../spec/status-codes.ts";

export type BreakerRule = {
  readonly count: number | undefined;
  /** Share of the calls in the interval, 1 to 100; one call is sample enough [inferred]. */
  readonly percentage: number | undefined;
  readonly intervalMilliseconds: number;
  readonly statusRanges: readonly StatusRange[];
  /** Matched against the reason of a failed call, in any case [inferred]. */
  readonly errorReasons: readonly string[];
  readonly tripMilliseconds: number;
  readonly acceptRetryAfter: boolean;
};

/** How a call to the backend ended: with an answer, or with the reason why there was none. */
export type CallOutcome =
  { readonly status: number; readonly retryAfter: string | undefined } | { readonly reason: string };

/** The breaker opened: until when, and what its last straw was. */
export type Trip = { readonly until: number; readonly why: string };

/**
 * Counts failures in a sliding window [inferred], opens for the trip duration or the answer's Retry-After, then closes at once
 * and whole: no half-open state is documented, and one has been observed not to exist.
 */
export class Breaker {
  readonly rule: BreakerRule;
  #openUntil = -Infinity;
  /** Times of the failures in the window, oldest first. */
  #failures: number[] = [];
  /** Times of all calls in the window; kept for a percentage only. */
  #calls: number[] = [];

  constructor(rule: BreakerRule) {
    this.rule = rule;
  }

  isOpen(now: number): boolean {
    return now < this.#openUntil;
  }

  get openUntil(): number {
    return this.#openUntil;
  }

  /** Takes the outcome of a call; says when that opens the breaker. What ends while it is open is not counted [inferred]. */
  record(outcome: CallOutcome, now: number): Trip | undefined {
    if (this.isOpen(now)) return undefined;
    const { percentage } = this.rule;
    if (percentage !== undefined) this.#calls = within(this.#calls, now, this.rule.intervalMilliseconds);
    if (percentage !== undefined) this.#calls.push(now);
    if (!this.#isFailure(outcome)) return undefined;
    this.#failures = within(this.#failures, now, this.rule.intervalMilliseconds);
    this.#failures.push(now);
    return this.#isTripped() ? this.#trip(outcome, now) : undefined;
  }

  #isFailure(outcome: CallOutcome): boolean {
    if ("status" in outcome) {
      const { status } = outcome;
      return this.rule.statusRanges.some(({ min, max }) => min <= status && status <= max);
    }
    const reason = outcome.reason.toLowerCase();
    return this.rule.errorReasons.some((known) => known.toLowerCase() === reason);
  }

  #isTripped(): boolean {
    const { count, percentage } = this.rule;
    if (count !== undefined) return this.#failures.length >= count;
    return percentage !== undefined && this.#failures.length * 100 >= percentage * this.#calls.length;
  }

  #trip(outcome: CallOutcome, now: number): Trip {
    const asked = this.rule.acceptRetryAfter && "status" in outcome ? seconds(outcome.retryAfter) : undefined;
    const until = now + (asked === undefined ? this.rule.tripMilliseconds : asked * 1000);
    const failures = this.#failures.length;
    this.#openUntil = until;
    this.#failures = [];
    this.#calls = [];
    const what = "status" in outcome ? String(outcome.status) : outcome.reason;
    const length = asked === undefined ? "its trip duration" : `Retry-After: ${asked}`;
    return { until, why: `failure ${failures} in the interval (${what}), open for ${length}` };
  }
}

/** Whole seconds; a date is not understood [inferred]. */
function seconds(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\s*\d+\s*$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

function within(times: number[], now: number, interval: number): number[] {
  const first = times[0];
  if (first === undefined || first > now - interval) return times;
  return times.filter((time) => time > now - interval);
}
