import { describe, expect, it } from "vitest";
import type { ArmAnswer, ArmRequest, Exchange } from "../../../src/adapters/arm/exchange.ts";
import { createPace } from "../../../src/adapters/arm/pace.ts";
import type { Clock } from "../../../src/core/ports.ts";

/** Time that stands still while anything can be done, and then jumps to the next sleeper. */
function createVirtualClock(): Clock & {
  readonly elapsed: () => number;
  run(work: Promise<unknown>): Promise<void>;
} {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => new Date(now),
    elapsed: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("interrupted")));
        sleepers.push({ at: now + milliseconds, wake: resolve });
      }),
    async run(work) {
      const state = { isOver: false };
      void work.finally(() => (state.isOver = true)).catch(() => undefined);
      for (await settle(); !state.isOver; await settle()) {
        const next = Math.min(...sleepers.map(({ at }) => at));
        if (next === Infinity) throw new Error("nobody sleeps, and it is not over");
        now = next;
        const awake = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of awake) wake();
      }
      await work;
    },
  };
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): ArmAnswer {
  return { status, header: (name) => headers[name], text: "" };
}

const request = (method: ArmRequest["method"]): ArmRequest => ({ method, url: "https://x", path: "x" });

/** A bucket as Azure Resource Manager keeps it; counts the requests that found it empty. */
function createBucket(clock: Clock, { size, refill, says }: { size: number; refill: number; says?: string }) {
  let left = size;
  let filled = 0;
  const sentAt: number[] = [];
  const log = { throttled: 0, sentAt };
  const send = async (): Promise<Exchange> => {
    const now = clock.now().getTime();
    sentAt.push(now);
    left = Math.min(size, left + ((now - filled) / 1000) * refill);
    filled = now;
    const isEmpty = left < 1;
    if (isEmpty) log.throttled += 1;
    else left -= 1;
    const headers: Record<string, string> = says === undefined ? {} : { [says]: String(Math.floor(left)) };
    await clock.sleep(50);
    return isEmpty ? answer(429, { "retry-after": "2" }) : answer(200, headers);
  };
  return { send, log };
}

/** So many requests, a few side by side; one that is throttled is sent again. */
async function sendAll(count: number, atOnce: number, sendOne: () => Promise<Exchange>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      while ((await sendOne()).status === 429);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

describe("pace", () => {
  it.each([
    ["GET", 250, 25, 1000, 32, "x-ms-ratelimit-remaining-subscription-reads"],
    ["PUT", 200, 10, 500, 4, "x-ms-ratelimit-remaining-subscription-writes"],
    ["DELETE", 200, 10, 500, 4, "x-ms-ratelimit-remaining-service-deletes"],
  ] as const)(
    "empties the bucket of %s quickly, then keeps to its refill",
    async (method, size, refill, count, atOnce, says) => {
      const clock = createVirtualClock();
      const pace = createPace(clock);
      const { send, log } = createBucket(clock, { size, refill, says });
      await clock.run(sendAll(count, atOnce, () => pace.paced(request(method), send)));
      expect(log.throttled).toBe(0);
      const floor = ((count - size) / refill) * 1000;
      expect(clock.elapsed()).toBeGreaterThan(floor * 0.98);
      expect(clock.elapsed()).toBeLessThan(floor * 1.1 + 2000);
    },
  );

  it("holds nothing back when nobody says how much is left", async () => {
    const clock = createVirtualClock();
    const pace = createPace(clock);
    const { send } = createBucket(clock, { size: 1e9, refill: 1 });
    await clock.run(sendAll(3200, 32, () => pace.paced(request("GET"), send)));
    expect(clock.elapsed()).toBe(100 * 50);
  });

  it("lets everything of a kind wait after a 429, other kinds not, and begins anew gently", async () => {
    const clock = createVirtualClock();
    const pace = createPace(clock);
    const sentAt: number[] = [];
    const replies = [answer(429, { "retry-after": "10" })];
    const send = (): Promise<Exchange> => {
      sentAt.push(clock.elapsed());
      return Promise.resolve(replies.shift() ?? answer(200));
    };
    await clock.run(pace.paced(request("PUT"), send));
    const later = Array.from({ length: 5 }, () => pace.paced(request("PUT"), send));
    await clock.run(pace.paced(request("GET"), send));
    expect(sentAt).toEqual([0, 0]);
    await clock.run(Promise.all(later));
    // Half of ten a second at first.
    expect(sentAt.slice(2)).toEqual([10_000, 10_200, 10_400, 10_600, 10_800]);
  });

  it("finds the rate of a service that only answers 429", async () => {
    const clock = createVirtualClock();
    const pace = createPace(clock);
    const { send, log } = createBucket(clock, { size: 50, refill: 20 });
    await clock.run(sendAll(1000, 32, () => pace.paced(request("GET"), send)));
    // 950 at 20 a second take 48 seconds.
    expect(clock.elapsed()).toBeLessThan(90_000);
    expect(log.throttled).toBeLessThan(150);
  });

  it("does not make others wait for what one gives up: a day", async () => {
    const clock = createVirtualClock();
    const pace = createPace(clock);
    const send = () => Promise.resolve(answer(429, { "retry-after": "86400" }));
    await clock.run(pace.paced(request("GET"), send));
    await clock.run(pace.paced(request("GET"), send));
    expect(clock.elapsed()).toBe(0);
  });

  it("ends the waiting when it is interrupted", async () => {
    const clock = createVirtualClock();
    const pace = createPace(clock);
    const stop = new AbortController();
    await pace.paced(request("GET"), () => Promise.resolve(answer(429, { "retry-after": "60" })));
    const waiting = pace.paced(request("GET"), () => Promise.resolve(answer(200)), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow("interrupted");
  });
});
