export type LimiterOptions = {
  /** Goes before all that wait: what has waited its turn once need not do so again. */
  readonly isFirst?: boolean;
};

/** Runs a task now or, when as many as allowed are running, as soon as one of them has ended; first come, first served. */
export type Limiter = <T>(task: () => Promise<T>, options?: LimiterOptions) => Promise<T>;

/** A limiter for at most `limit` tasks side by side, so that callers can `Promise.all` over thousands. */
export function limitConcurrency(limit: number): Limiter {
  const waiting = { first: new Set<() => void>(), others: new Set<() => void>() };
  let running = 0;
  return async (task, { isFirst = false } = {}) => {
    const line = isFirst ? waiting.first : waiting.others;
    if (running >= limit) await new Promise<void>((resolve) => line.add(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      passOn([waiting.first, waiting.others], () => {
        running -= 1;
      });
    }
  };
}

/** Hands a finished task's place to the one that has waited longest, or gives the place back. */
function passOn(lines: readonly Set<() => void>[], release: () => void): void {
  for (const line of lines) {
    for (const next of line) {
      line.delete(next);
      next();
      return;
    }
  }
  release();
}
