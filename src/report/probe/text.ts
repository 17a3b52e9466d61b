/** A probe for the terminal: a line per call, a summary, a chart over time. */
import type { ProbeCall } from "../../core/probe/calls.ts";
import type { ProbeStatistics } from "../../core/probe/statistics.ts";
import { plural } from "../count.ts";
import { percent, shortTime } from "../simulate/gateway-run.ts";
import type { Chart } from "../simulate/gateway-run.ts";
import { formatChart, formatTable } from "../simulate/text.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visibleLine } from "../visible.ts";

const noRegion = "-";

/** `  12  429  Sweden Central  48 ms, Retry-After 21`. */
export function formatProbeCall({ number, result }: ProbeCall, style: ReportStyle): string {
  const { red } = palette(style);
  const head = String(number).padStart(5);
  const time = `${Math.round(result.milliseconds)} ms`;
  if (result.kind === "failed") return `${head}  ${red("---")}  ${visibleLine(result.why)}, ${time}`;
  const { status, region, retryAfter } = result;
  const wait = retryAfter === null ? "" : `, Retry-After ${visibleLine(retryAfter)}`;
  return `${head}  ${paint(status, style)(String(status))}  ${visibleLine(region ?? noRegion)}  ${time}${wait}`;
}

export function formatProbeSummary(
  statistics: ProbeStatistics,
  milliseconds: number,
  style: ReportStyle,
): string {
  const { bold } = palette(style);
  const { calls, retryAfter } = statistics;
  const rate =
    milliseconds === 0 ? "" : `, ${(Math.round((calls * 10_000) / milliseconds) / 10).toString()} a second`;
  const head = `${bold(plural(calls, "call"))} in ${shortTime(milliseconds)}${rate}`;
  if (calls === 0) return head;
  const all = statistics.percentiles();
  const rows = [
    ...statistics
      .groups()
      .map(({ status, region, failure, ...group }) => [
        status === null ? "---" : String(status),
        visibleLine(failure ?? region ?? noRegion),
        String(group.calls),
        percent(group.calls, calls),
        ...times(group),
      ]),
    ["all", "", String(calls), "100 %", ...times(all)],
  ];
  const table = formatTable(["status", "region", "calls", "share", "p50", "p90", "p99"], rows, 2, style);
  return [head, table, ...(retryAfter.answers === 0 ? [] : [retryLine(retryAfter)])].join("\n\n");
}

function times({
  p50,
  p90,
  p99,
}: {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}): string[] {
  return [p50, p90, p99].map((value) => `${value} ms`);
}

function retryLine({ answers, min, max }: ProbeStatistics["retryAfter"]): string {
  const range = min === null || max === null ? "" : min === max ? `: ${min}s` : `: ${min}s to ${max}s`;
  return `Retry-After in ${plural(answers, "answer")}${range}`;
}

function paint(status: number, style: ReportStyle): (text: string) => string {
  const { green, yellow, red } = palette(style);
  return status >= 500 ? red : status >= 400 ? yellow : green;
}

const chartWidth = 72;

/** Answers by region, and errors by region and status, over time. */
export function formatProbeChart(calls: readonly ProbeCall[], style: ReportStyle): string {
  const end = Math.max(1, ...calls.map(endOf));
  const secondsPerBin = Math.max(0.1, Math.ceil((end * 10) / 1000 / chartWidth) / 10);
  const length = Math.max(1, Math.ceil(end / 1000 / secondsPerBin));
  const series = new Map<string, Chart["series"][number]>();
  for (const call of calls) {
    const { name, kind } = seriesOf(call);
    const found = series.get(name) ?? { name, kind, values: Array<number>(length).fill(0) };
    series.set(name, found);
    const bin = Math.min(length - 1, Math.floor(endOf(call) / 1000 / secondsPerBin));
    found.values[bin] = (found.values[bin] ?? 0) + 1;
  }
  const ordered = [...series.values()].sort((a, b) => (a.kind === b.kind ? 0 : a.kind === "answer" ? -1 : 1));
  return formatChart({ secondsPerBin, series: ordered }, style);
}

function endOf({ at, result }: ProbeCall): number {
  return at + result.milliseconds;
}

function seriesOf({ result }: ProbeCall): Pick<Chart["series"][number], "name" | "kind"> {
  if (result.kind === "failed") return { name: "no answer", kind: "error" };
  const { status, region } = result;
  const where = region ?? "no region";
  return status >= 400 ? { name: `${where} ${status}`, kind: "error" } : { name: where, kind: "answer" };
}
