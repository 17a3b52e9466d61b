/** What the reports of a simulation share. */
import { gatewayItself } from "../../core/simulate/statistics.ts";
import type { Simulation } from "../../core/simulate/simulation.ts";
import { shownBackends } from "./shown-backends.ts";

/** One gateway's run, with its name for people. */
export type GatewayRun = { readonly name: string; readonly simulation: Simulation };

/** Requests over time by who answered: one series a name, all as long as each other. */
export type ChartSeries = {
  readonly name: string;
  readonly kind: "answer" | "error";
  readonly values: number[];
};

export type Chart = { readonly secondsPerBin: number; readonly series: readonly ChartSeries[] };

/** At most `most` bins; backends first in their order, then what went wrong. */
export function chartOf({ statistics }: Simulation, most: number): Chart {
  const { milliseconds, bins } = statistics.bins;
  const step = Math.max(1, Math.ceil(bins.length / most));
  const length = Math.ceil(bins.length / step);
  const byName = new Map<string, number[]>();
  for (const { backend } of shownBackends(statistics)) byName.set(backend, Array<number>(length).fill(0));
  bins.forEach((bin, index) => {
    for (const [name, count] of bin) {
      let values = byName.get(name);
      if (values === undefined) byName.set(name, (values = Array<number>(length).fill(0)));
      const at = Math.floor(index / step);
      values[at] = (values[at] ?? 0) + count;
    }
  });
  const backends = new Set(statistics.backends().map(({ backend }) => backend));
  const series = [...byName].map(([name, values]): ChartSeries => ({
    name,
    kind: backends.has(name) ? "answer" : "error",
    values,
  }));
  const isShown = ({ name, values }: ChartSeries): boolean =>
    name !== gatewayItself || values.some((value) => value > 0);
  return {
    secondsPerBin: (milliseconds * step) / 1000,
    series: [
      ...series.filter(({ kind }) => kind === "answer"),
      ...series.filter(({ kind }) => kind === "error"),
    ].filter(isShown),
  };
}

/** `6m`, `1m 30s`, `0.45s`. */
export function shortTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 10) / 100;
  if (seconds < 60) return `${seconds}s`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount}${unit}`])).join(" ");
}

/** `19 %`; nothing of nothing is nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.round((100 * part) / whole)} %`;
}
