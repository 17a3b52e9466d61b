/** Counts of a probe: by status and region, with percentiles. Memory does not grow with the calls but for the times of a chart. */
import { Latencies } from "../simulate/statistics.ts";
import type { ProbeCall, ProbeResult } from "./calls.ts";

export type ProbeGroup = {
  /** Null where no answer came. */
  readonly status: number | null;
  readonly region: string | null;
  /** Why no answer came. */
  readonly failure: string | null;
  readonly calls: number;
  /** In milliseconds, to about 5 percent. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
};

export type RetryAfterSeen = {
  readonly answers: number;
  /** In seconds, of those that were a number; null when none was. */
  readonly min: number | null;
  readonly max: number | null;
};

type Group = Omit<ProbeGroup, "calls" | "p50" | "p90" | "p99"> & { calls: number; latencies: Latencies };

export class ProbeStatistics {
  readonly #groups = new Map<string, Group>();
  readonly #all = new Latencies();
  #calls = 0;
  #retryAnswers = 0;
  #retrySeconds: { readonly min: number; readonly max: number } | undefined;

  add({ result }: ProbeCall): void {
    this.#calls += 1;
    this.#all.add(result.milliseconds);
    const group = this.#group(result);
    group.calls += 1;
    group.latencies.add(result.milliseconds);
    if (result.kind === "answered" && result.retryAfter !== null) this.#seeRetryAfter(result.retryAfter);
  }

  get calls(): number {
    return this.#calls;
  }

  /** Answered with whatever status. */
  get answered(): number {
    return this.groups().reduce((sum, { status, calls }) => sum + (status === null ? 0 : calls), 0);
  }

  get retryAfter(): RetryAfterSeen {
    const { min = null, max = null } = this.#retrySeconds ?? {};
    return { answers: this.#retryAnswers, min, max };
  }

  /** By status, then the most calls first; what was not answered comes last. */
  groups(): ProbeGroup[] {
    return [...this.#groups.values()]
      .map(({ latencies, ...group }) => ({ ...group, ...percentiles(latencies) }))
      .sort((a, b) => (a.status ?? Infinity) - (b.status ?? Infinity) || b.calls - a.calls);
  }

  percentiles(): Pick<ProbeGroup, "p50" | "p90" | "p99"> {
    return percentiles(this.#all);
  }

  #group(result: ProbeResult): Group {
    const facts =
      result.kind === "answered"
        ? { status: result.status, region: result.region, failure: null }
        : { status: null, region: null, failure: result.why };
    const key = JSON.stringify(facts);
    let group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, (group = { ...facts, calls: 0, latencies: new Latencies() }));
    }
    return group;
  }

  #seeRetryAfter(text: string): void {
    this.#retryAnswers += 1;
    if (!/^\d+$/.test(text)) return;
    const seconds = Number(text);
    const { min = seconds, max = seconds } = this.#retrySeconds ?? {};
    this.#retrySeconds = { min: Math.min(min, seconds), max: Math.max(max, seconds) };
  }
}

function percentiles(latencies: Latencies): Pick<ProbeGroup, "p50" | "p90" | "p99"> {
  const at = (share: number): number => latencies.percentile(share) ?? 0;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
