/** Runs a task now or, when as many as allowed are running, as soon as one of them has ended; first come, first served. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** A limiter for at most `limit` tasks side by side, so that callers can `Promise.all` over thousands. */
export function limitConcurrency(limit: number): Limiter {
  const waiting = new Set<() => void>();
  let running = 0;
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.add(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      passOn(waiting, () => {
        running -= 1;
      });
    }
  };
}

/** Hands a finished task's place to the one that has waited longest, or gives the place back. */
function passOn(waiting: Set<() => void>, release: () => void): void {
  for (const next of waiting) {
    waiting.delete(next);
    next();
    return;
  }
  release();
}
