import { describe, expect, it } from "vitest";
import { Breaker } from "../../../src/core/gateway/breaker.ts";
import type { BreakerOptions, BreakerRule, CallOutcome } from "../../../src/core/gateway/breaker.ts";

const rule: BreakerRule = {
  count: 3,
  percentage: undefined,
  intervalMilliseconds: 300_000,
  statusRanges: [{ min: 429, max: 429 }],
  errorReasons: [],
  tripMilliseconds: 60_000,
  acceptRetryAfter: false,
};

const throttled = (retryAfter?: string): CallOutcome => ({ status: 429, retryAfter });
const fine: CallOutcome = { status: 200, retryAfter: undefined };

/** Times in seconds; gives until when it is open after each call, in seconds, or nothing. */
function record(
  changes: Partial<BreakerRule>,
  calls: readonly (readonly [at: number, outcome: CallOutcome])[],
  options?: BreakerOptions,
): (number | undefined)[] {
  const breaker = new Breaker({ ...rule, ...changes }, options);
  return calls.map(([at, outcome]) => {
    const trip = breaker.record(outcome, at * 1000);
    return trip === undefined ? undefined : trip.until / 1000;
  });
}

describe("circuit breaker", () => {
  it("opens with the count for the trip duration, successes in between or not", () => {
    expect(
      record({}, [
        [0, throttled()],
        [1, fine],
        [2, throttled()],
        [3, throttled()],
      ]),
    ).toEqual([undefined, undefined, undefined, 63]);
  });

  it("forgets failures that have left the interval", () => {
    const calls = [
      [0, throttled()],
      [1, throttled()],
      [301, throttled()],
      [302, throttled()],
    ] as const;
    expect(record({}, calls)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("counts anew once it has closed, and not what ends while it is open", () => {
    const calls = [0, 1, 2, 30, 62, 63, 64].map((at) => [at, throttled()] as const);
    expect(record({}, calls)).toEqual([undefined, undefined, 62, undefined, undefined, undefined, 124]);
  });

  it.each([
    { retryAfter: "7", until: 7 },
    { retryAfter: "86400", until: 86_400 },
    { retryAfter: undefined, until: 60 },
    { retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT", until: 60 },
    { retryAfter: "1.5", until: 60 },
  ])("accepts Retry-After $retryAfter as open until $until", ({ retryAfter, until }) => {
    expect(record({ count: 1, acceptRetryAfter: true }, [[0, throttled(retryAfter)]])).toEqual([until]);
  });

  it("does not look at Retry-After unless it is to", () => {
    expect(record({ count: 1 }, [[0, throttled("7")]])).toEqual([60]);
  });

  it.each([
    {
      name: "a status in a range",
      changes: { statusRanges: [{ min: 500, max: 599 }] },
      outcome: { status: 503, retryAfter: undefined },
      opens: true,
    },
    {
      name: "a status in no range",
      changes: {},
      outcome: { status: 503, retryAfter: undefined },
      opens: false,
    },
    {
      name: "a reason, in any case",
      changes: { errorReasons: ["timeout"] },
      outcome: { reason: "Timeout" },
      opens: true,
    },
    {
      name: "a reason that is not listed",
      changes: {},
      outcome: { reason: "BackendConnectionFailure" },
      opens: false,
    },
  ])("$name: opens $opens", ({ changes, outcome, opens }) => {
    expect(record({ count: 1, ...changes }, [[0, outcome]])).toEqual([opens ? 60 : undefined]);
  });

  it("opens with the percentage of the calls in the interval", () => {
    const calls = [
      [0, fine],
      [1, fine],
      [2, throttled()],
      [3, throttled()],
    ] as const;
    expect(record({ count: undefined, percentage: 50 }, calls)).toEqual([
      undefined,
      undefined,
      undefined,
      63,
    ]);
  });

  it("can count in windows that begin anew", () => {
    const calls = [0, 299, 301, 302, 303].map((at) => [at, throttled()] as const);
    const tumbling = { window: "tumbling", countsUnanswered: false } as const;
    expect(record({}, calls)).toEqual([undefined, undefined, undefined, 362, undefined]);
    expect(record({}, calls, tumbling)).toEqual([undefined, undefined, undefined, undefined, 363]);
  });

  it("can count calls without an answer though no reasons are listed", () => {
    const call = [[0, { reason: "Timeout" }]] as const;
    expect(record({ count: 1 }, call, { window: "sliding", countsUnanswered: true })).toEqual([60]);
    expect(
      record({ count: 1, errorReasons: ["x"] }, call, { window: "sliding", countsUnanswered: true }),
    ).toEqual([undefined]);
  });
});
