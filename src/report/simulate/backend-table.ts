/** What each backend of a simulation did, as the cells of a table. */
import { gatewayItself } from "../../core/simulate/statistics.ts";
import type { Statistics } from "../../core/simulate/statistics.ts";
import { visibleLine } from "../visible.ts";
import { percent, shortTime } from "./gateway-run.ts";
import { shownBackends } from "./shown-backends.ts";

export type StatisticsTable = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** A row per backend, and one for the requests that the gateway answered by itself if there are any. */
export function backendTable(statistics: Statistics): StatisticsTable {
  const { requests } = statistics;
  const backends = shownBackends(statistics);
  const hasStreams = backends.some(({ streams }) => streams !== undefined);
  const rows = backends.map((each) => [
    visibleLine(each.backend),
    visibleLine(each.region),
    String(each.answered),
    percent(each.answered, requests),
    String(each.calls),
    String(each.throttled),
    String(each.failed),
    shownTime(each.p50),
    shownTime(each.p95),
    ...(hasStreams ? [shownTime(each.streams?.firstByteP50), shownTime(each.streams?.firstByteP95)] : []),
    each.trips === 0 ? "-" : `${each.trips} x, ${shortTime(each.openMilliseconds)}`,
  ]);
  const own = requests - backends.reduce((sum, { answered }) => sum + answered, 0);
  if (own > 0) {
    const cells = [gatewayItself, "", String(own), percent(own, requests)];
    rows.push([...cells, ...Array<string>(hasStreams ? 8 : 6).fill("")]);
  }
  const head = [
    "backend",
    "region",
    "answered",
    "share",
    "calls",
    "429",
    "failed",
    "p50",
    "p95",
    ...(hasStreams ? ["first p50", "first p95"] : []),
    "breaker open",
  ];
  return { head, rows };
}

/** `406 ms`, or a dash. */
export function shownTime(milliseconds: number | null | undefined): string {
  return milliseconds == null ? "-" : `${milliseconds} ms`;
}
