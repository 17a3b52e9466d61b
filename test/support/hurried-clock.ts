import type { Clock } from "../../src/core/ports.ts";

/** A clock that does not wait: whoever sleeps longest lets the time pass, and everybody wakes at once. */
export type HurriedClock = Clock & { readonly pass: (milliseconds: number) => void };

export function createHurriedClock(): HurriedClock {
  let now = Date.UTC(2026, 0, 1);
  return {
    now: () => new Date(now),
    pass: (milliseconds) => {
      now += milliseconds;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      const until = now + milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
      // Side by side, sleeps pass side by side.
      now = Math.max(now, until);
      signal?.throwIfAborted();
    },
  };
}
