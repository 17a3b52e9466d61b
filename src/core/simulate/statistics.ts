/** Counts while a simulation runs: bounded, however long it runs. */
import type { Attempt } from "../gateway/exchange.ts";
import type { StreamOutcome } from "./stream-outcome.ts";

/** What is known of one backend at the end. */
export type BackendStatistics = {
  readonly backend: string;
  readonly region: string;
  /** Whether the scenario describes its account. */
  readonly isDescribed: boolean;
  /** Requests whose answer it gave. */
  readonly answered: number;
  /** Calls that were sent to it. */
  readonly calls: number;
  /** Calls that it answered with 429. */
  readonly throttled: number;
  /** Calls that it answered with another error, not at all, or with a stream that broke off. */
  readonly failed: number;
  /** Of its calls, in milliseconds; null without any. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** How often its breaker opened, on any instance. */
  readonly trips: number;
  /** Milliseconds that its breaker was open, all instances together. */
  readonly openMilliseconds: number;
  /** Of the streams that it answered requests with; undefined without any. */
  readonly streams: StreamStatistics | undefined;
};

export type StreamStatistics = {
  readonly count: number;
  /** Those that broke off. */
  readonly cut: number;
  /** From the call to the first byte that the gateway passed on, in milliseconds; null when none did. */
  readonly firstByteP50: number | null;
  readonly firstByteP95: number | null;
};

/** What came of the calls with one subscription. */
export type CallerStatistics = {
  /** Id of the subscription. */
  readonly subscription: string;
  /** Of the product that it belongs to; null when it belongs to none. */
  readonly product: string | null;
  readonly requests: number;
  /** Requests that ended below 400. */
  readonly answered: number;
  /** Requests that ended in an error without a call to a backend: limits, checks, denied operations, no backend left. */
  readonly refused: number;
  /** Requests that ended in an error after calls to backends. */
  readonly failed: number;
  /** Of all its requests, in milliseconds; null without any. */
  readonly p50: number | null;
  readonly p95: number | null;
};

/** Who calls. */
export type Caller = Pick<CallerStatistics, "subscription" | "product">;

/** A name for the gateway's own answers beside the backends. */
export const gatewayItself = "(gateway)";

/** Latencies in buckets of about 5 percent: enough for percentiles, and no longer with more calls. */
export class Latencies {
  readonly #buckets: { count: number; sum: number }[] = [];
  #count = 0;

  add(milliseconds: number): void {
    const index = milliseconds < 1 ? 0 : 1 + Math.floor(Math.log(milliseconds) / Math.log(1.05));
    while (this.#buckets.length <= index) this.#buckets.push({ count: 0, sum: 0 });
    const bucket = this.#buckets[index];
    if (bucket !== undefined) {
      bucket.count += 1;
      bucket.sum += milliseconds;
    }
    this.#count += 1;
  }

  /** The time within which that share of the calls ended: the mean of its bucket. Null without calls. */
  percentile(share: number): number | null {
    let seen = 0;
    for (const { count, sum } of this.#buckets) {
      seen += count;
      if (count > 0 && seen >= share * this.#count) return Math.round(sum / count);
    }
    return null;
  }
}

type CallerCounts = Caller & {
  requests: number;
  answered: number;
  refused: number;
  failed: number;
  readonly latencies: Latencies;
};

/** A finished request; times in milliseconds. */
export type CountedRequest = {
  /** From the start to its end. */
  readonly elapsed: number;
  readonly duration: number;
  readonly status: number;
  /** Null for the gateway's own answer. */
  readonly answeredBy: string | null;
  /** Whether a backend was called for it. */
  readonly wasForwarded: boolean;
  readonly caller: Caller;
};

type Counts = {
  region: string;
  isDescribed: boolean;
  answered: number;
  calls: number;
  throttled: number;
  failed: number;
  trips: number;
  openMilliseconds: number;
  readonly latencies: Latencies;
  streams: number;
  cut: number;
  readonly firstBytes: Latencies;
};

const mostBins = 240;

export class Statistics {
  readonly #backends = new Map<string, Counts>();
  readonly #callers = new Map<string, CallerCounts>();
  readonly #byStatus = new Map<number, number>();
  readonly latencies = new Latencies();
  #requests = 0;
  /** Width of the bins in milliseconds; doubled whenever they get too many. */
  #binWidth = 100;
  #bins: Map<string, number>[] = [];

  /** `backends` are listed even if nothing goes to them. */
  constructor(backends: readonly Pick<BackendStatistics, "backend" | "region" | "isDescribed">[]) {
    for (const { backend, ...known } of backends) this.#backends.set(backend, newCounts(known));
  }

  request(request: CountedRequest): void {
    const { elapsed, duration, status, answeredBy } = request;
    this.#requests += 1;
    this.#countCaller(request);
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    this.latencies.add(duration);
    if (answeredBy !== null) this.#counts(answeredBy).answered += 1;
    const bin = this.#bin(elapsed);
    const name =
      status >= 400
        ? answeredBy === null
          ? gatewayItself
          : `${answeredBy} ${status}`
        : (answeredBy ?? gatewayItself);
    bin.set(name, (bin.get(name) ?? 0) + 1);
  }

  attempt({ backend, at, endedAt, status }: Attempt): void {
    if (backend === null) return;
    const counts = this.#counts(backend);
    counts.calls += 1;
    counts.latencies.add(endedAt - at);
    if (status === 429) counts.throttled += 1;
    else if (status === null || status >= 400) counts.failed += 1;
  }

  /** The call of that attempt was answered with a stream, which is over. */
  stream(
    { backend, at }: Attempt,
    { firstByteAt, isCut }: Pick<StreamOutcome, "firstByteAt" | "isCut">,
  ): void {
    if (backend === null) return;
    const counts = this.#counts(backend);
    counts.streams += 1;
    if (firstByteAt !== undefined) counts.firstBytes.add(firstByteAt - at);
    if (!isCut) return;
    counts.cut += 1;
    counts.failed += 1;
  }

  trip(backend: string, milliseconds: number): void {
    const counts = this.#counts(backend);
    counts.trips += 1;
    counts.openMilliseconds += milliseconds;
  }

  /** A row for each subscription that was called with, in the order of their first calls. */
  callers(): CallerStatistics[] {
    return [...this.#callers.values()].map(({ latencies, ...counts }) => ({
      ...counts,
      p50: latencies.percentile(0.5),
      p95: latencies.percentile(0.95),
    }));
  }

  get requests(): number {
    return this.#requests;
  }

  get byStatus(): ReadonlyMap<number, number> {
    return this.#byStatus;
  }

  get bins(): { readonly milliseconds: number; readonly bins: readonly ReadonlyMap<string, number>[] } {
    return { milliseconds: this.#binWidth, bins: this.#bins };
  }

  backends(): BackendStatistics[] {
    return [...this.#backends].map(([backend, { latencies, streams, cut, firstBytes, ...counts }]) => ({
      backend,
      ...counts,
      p50: latencies.percentile(0.5),
      p95: latencies.percentile(0.95),
      streams:
        streams === 0
          ? undefined
          : {
              count: streams,
              cut,
              firstByteP50: firstBytes.percentile(0.5),
              firstByteP95: firstBytes.percentile(0.95),
            },
    }));
  }

  #countCaller({ caller, duration, status, wasForwarded }: CountedRequest): void {
    let counts = this.#callers.get(caller.subscription);
    if (counts === undefined) {
      counts = { ...caller, requests: 0, answered: 0, refused: 0, failed: 0, latencies: new Latencies() };
      this.#callers.set(caller.subscription, counts);
    }
    counts.requests += 1;
    counts.latencies.add(duration);
    if (status < 400) counts.answered += 1;
    else if (wasForwarded) counts.failed += 1;
    else counts.refused += 1;
  }

  #counts(backend: string): Counts {
    let counts = this.#backends.get(backend);
    if (counts === undefined) {
      counts = newCounts({ region: backend, isDescribed: false });
      this.#backends.set(backend, counts);
    }
    return counts;
  }

  #bin(elapsed: number): Map<string, number> {
    while (elapsed >= this.#binWidth * mostBins) this.#widen();
    const index = Math.floor(elapsed / this.#binWidth);
    while (this.#bins.length <= index) this.#bins.push(new Map());
    return this.#bins[index] ?? new Map<string, number>();
  }

  #widen(): void {
    const wide: Map<string, number>[] = [];
    this.#bins.forEach((bin, index) => {
      const into = (wide[index >> 1] ??= new Map());
      for (const [name, count] of bin) into.set(name, (into.get(name) ?? 0) + count);
    });
    this.#bins = wide;
    this.#binWidth *= 2;
  }
}

function newCounts(known: Pick<Counts, "region" | "isDescribed">): Counts {
  return {
    ...known,
    answered: 0,
    calls: 0,
    throttled: 0,
    failed: 0,
    trips: 0,
    openMilliseconds: 0,
    latencies: new Latencies(),
    streams: 0,
    cut: 0,
    firstBytes: new Latencies(),
  };
}
