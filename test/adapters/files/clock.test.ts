import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock.ts";

describe("systemClock", () => {
  it("tells the time and sleeps", async () => {
    const before = systemClock.now().getTime();
    await systemClock.sleep(5);
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(before);
  });

  it("wakes with the signal's reason", async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(new Error("interrupted"));
    await expect(sleeping).rejects.toThrow("interrupted");
    await expect(systemClock.sleep(1, stop.signal)).rejects.toThrow("interrupted");
  });

  it("does not wake at once from a sleep longer than a timer can be", async () => {
    const stop = new AbortController();
    let isAwake = false;
    const sleeping = systemClock.sleep(2 ** 40, stop.signal).finally(() => (isAwake = true));
    await systemClock.sleep(5);
    expect(isAwake).toBe(false);
    stop.abort(new Error("interrupted"));
    await expect(sleeping).rejects.toThrow("interrupted");
  });
});
