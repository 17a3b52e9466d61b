/** Circuit breaker of one backend on one gateway instance. */
import type { StatusRange } from "../spec/status-codes.ts";
import { createWindow } from "./counters.ts";
import type { CountingWindow, WindowKind } from "./counters.ts";

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

/** What is not established about breakers. */
export type BreakerOptions = {
  /** How the interval passes. */
  readonly window: WindowKind;
  /** Whether calls without an answer count though no `errorReasons` are listed. */
  readonly countsUnanswered: boolean;
};

export const defaultBreakerOptions: BreakerOptions = { window: "sliding", countsUnanswered: false };

/**
 * Counts failures in a window, sliding unless told otherwise [inferred], opens for the trip duration or the answer's Retry-After, then
 * closes at once and whole: no half-open state is documented, and one has been observed not to exist.
 */
export class Breaker {
  readonly rule: BreakerRule;
  readonly #options: BreakerOptions;
  #openUntil = -Infinity;
  #failures: CountingWindow;
  /** All calls; counted for a percentage only. */
  #calls: CountingWindow;

  constructor(rule: BreakerRule, options: BreakerOptions = defaultBreakerOptions) {
    this.rule = rule;
    this.#options = options;
    this.#failures = this.#newWindow();
    this.#calls = this.#newWindow();
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
    if (this.rule.percentage !== undefined) this.#calls.add(now, 1);
    if (!this.#isFailure(outcome)) return undefined;
    this.#failures.add(now, 1);
    return this.#isTripped(now) ? this.#trip(outcome, now) : undefined;
  }

  #isFailure(outcome: CallOutcome): boolean {
    if ("status" in outcome) {
      const { status } = outcome;
      return this.rule.statusRanges.some(({ min, max }) => min <= status && status <= max);
    }
    const reason = outcome.reason.toLowerCase();
    const { errorReasons } = this.rule;
    if (errorReasons.length === 0) return this.#options.countsUnanswered;
    return errorReasons.some((known) => known.toLowerCase() === reason);
  }

  #isTripped(now: number): boolean {
    const { count, percentage } = this.rule;
    const failures = this.#failures.total(now);
    if (count !== undefined) return failures >= count;
    return percentage !== undefined && failures * 100 >= percentage * this.#calls.total(now);
  }

  #trip(outcome: CallOutcome, now: number): Trip {
    const asked = this.rule.acceptRetryAfter && "status" in outcome ? seconds(outcome.retryAfter) : undefined;
    const until = now + (asked === undefined ? this.rule.tripMilliseconds : asked * 1000);
    const failures = this.#failures.total(now);
    this.#openUntil = until;
    this.#failures = this.#newWindow();
    this.#calls = this.#newWindow();
    const what = "status" in outcome ? String(outcome.status) : outcome.reason;
    const length = asked === undefined ? "its trip duration" : `Retry-After: ${asked}`;
    return { until, why: `failure ${failures} in the interval (${what}), open for ${length}` };
  }

  #newWindow(): CountingWindow {
    return createWindow(this.#options.window, this.rule.intervalMilliseconds);
  }
}

/** Whole seconds; a date is not understood [inferred]. */
function seconds(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\s*\d+\s*$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
