/** What each backend of a simulation did, as the cells of a table. */
import { gatewayItself } from "../../core/simulate/statistics.ts";
import type { Statistics } from "../../core/simulate/statistics.ts";
import { visibleLine } from "../visible.ts";
import { percent, shortTime } from "./gateway-run.ts";

export type BackendTable = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** A row per backend, and one for the requests that the gateway answered by itself if there are any. */
export function backendTable(statistics: Statistics): BackendTable {
  const { requests } = statistics;
  const backends = statistics.backends();
  const rows = backends.map((each) => [
    visibleLine(each.backend),
    visibleLine(each.region),
    String(each.answered),
    percent(each.answered, requests),
    String(each.calls),
    String(each.throttled),
    String(each.failed),
    each.p50 === null ? "-" : `${each.p50} ms`,
    each.p95 === null ? "-" : `${each.p95} ms`,
    each.trips === 0 ? "-" : `${each.trips} x, ${shortTime(each.openMilliseconds)}`,
  ]);
  const own = requests - backends.reduce((sum, { answered }) => sum + answered, 0);
  if (own > 0) {
    rows.push([gatewayItself, "", String(own), percent(own, requests), "", "", "", "", "", ""]);
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
    "breaker open",
  ];
  return { head, rows };
}
