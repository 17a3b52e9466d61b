import type { Clock } from "../core/ports.ts";

/** The longest delay a Node timer takes; beyond it the timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: sleepFor,
};

async function sleepFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.min(milliseconds, longestTimer));
    signal?.addEventListener("abort", finish);
  });
  signal?.throwIfAborted();
}
