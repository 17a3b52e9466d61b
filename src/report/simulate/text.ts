/** A simulation for the terminal: a table per backend and a chart over time. */
import type { BackendStatistics, Statistics } from "../../core/simulate/statistics.ts";
import { plural } from "../count.ts";
import { columns } from "../human/columns.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visibleLine } from "../visible.ts";
import { backendTable } from "./backend-table.ts";
import { callerTable } from "./caller-table.ts";
import { chartOf, shortTime } from "./gateway-run.ts";
import type { Chart, GatewayRun } from "./gateway-run.ts";
import { idleBackends } from "./shown-backends.ts";

const chartWidth = 72;

/** Each gateway by itself, then side by side when there are several. */
export function formatSimulation(runs: readonly GatewayRun[], style: ReportStyle): string {
  const parts = runs.map((run) => formatRun(run, style));
  return [...parts, ...(runs.length > 1 ? [formatComparison(runs, style)] : [])].join("\n\n");
}

function formatRun({ name, simulation }: GatewayRun, style: ReportStyle): string {
  const { bold } = palette(style);
  const { statistics, milliseconds } = simulation;
  const table = backendTable(statistics);
  const callers = callerTable(statistics);
  const idle = idleBackends(statistics);
  const head = `${bold(visibleLine(name))}: ${plural(statistics.requests, "request")} in ${shortTime(milliseconds) || "0s"}`;
  return [
    `${head}\n${formatStatuses(statistics, style)}`,
    `${formatTable(table.head, table.rows, 2, style)}${idle === undefined ? "" : `\n${idle}`}`,
    ...(callers === undefined ? [] : [formatTable(callers.head, callers.rows, 2, style)]),
    formatChart(chartOf(simulation, chartWidth), style),
  ].join("\n\n");
}

function formatStatuses(statistics: Statistics, style: ReportStyle): string {
  const { green, red, yellow } = palette(style);
  const all = [...statistics.byStatus].sort(([a], [b]) => a - b);
  const paint = (status: number): ((text: string) => string) =>
    status >= 500 ? red : status >= 400 ? yellow : green;
  const cut = statistics.backends().reduce((sum, { streams }) => sum + (streams?.cut ?? 0), 0);
  const counts = all.map(([status, count]) => `${paint(status)(String(status))} ${count}`);
  return `status ${[...counts, ...(cut === 0 ? [] : [`${red("broken off")} ${cut}`])].join("   ")}`;
}

/** The first columns on the left, the others on the right. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns: number,
  style: ReportStyle,
): string {
  const { bold } = palette(style);
  const widths = head.map((title, index) =>
    Math.max(columns(title), ...rows.map((row) => columns(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const space = " ".repeat((widths[index] ?? 0) - columns(cell));
        return index < leftColumns ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd();
  return [bold(line(head)), ...rows.map(line)].join("\n");
}

const levels = " ▁▂▃▄▅▆▇█";

/** A row of blocks per series, all to one scale. */
export function formatChart({ secondsPerBin, series }: Chart, style: ReportStyle): string {
  const { green, red, dim } = palette(style);
  const most = Math.max(1, ...series.flatMap(({ values }) => values));
  const width = Math.max(0, ...series.map(({ name }) => columns(visibleLine(name))));
  const rows = series.map(({ name, kind, values }) => {
    const title = visibleLine(name);
    const blocks = values.map((value) => levels.charAt(Math.ceil((value / most) * 8))).join("");
    const total = values.reduce((sum, value) => sum + value, 0);
    const paint = kind === "answer" ? green : red;
    return `${title}${" ".repeat(width - columns(title))} ${dim("│")}${paint(blocks)}${dim("│")} ${total}`;
  });
  const length = series[0]?.values.length ?? 0;
  const end = shortTime(length * secondsPerBin * 1000);
  const axis = `${" ".repeat(width + 2)}0${end.padStart(Math.max(end.length + 1, length - 1))}`;
  const scale = `${" ".repeat(width + 2)}a column is ${shortTime(secondsPerBin * 1000)}, a full block ${plural(most, "answer")}`;
  return [...rows, dim(axis), dim(scale)].join("\n");
}

function formatComparison(runs: readonly GatewayRun[], style: ReportStyle): string {
  const statuses = [...new Set(runs.flatMap(({ simulation }) => [...simulation.statistics.byStatus.keys()]))];
  statuses.sort((a, b) => a - b);
  const row = (title: string, value: (run: GatewayRun) => string): string[] => [title, ...runs.map(value)];
  const sum = ({ simulation }: GatewayRun, of: (backend: BackendStatistics) => number): string =>
    String(simulation.statistics.backends().reduce((total, backend) => total + of(backend), 0));
  const latency = ({ simulation }: GatewayRun, share: number): string =>
    `${simulation.statistics.latencies.percentile(share) ?? 0} ms`;
  return formatTable(
    ["compared", ...runs.map(({ name }) => visibleLine(name))],
    [
      row("requests", ({ simulation }) => String(simulation.statistics.requests)),
      ...statuses.map((status) =>
        row(`status ${status}`, ({ simulation }) => String(simulation.statistics.byStatus.get(status) ?? 0)),
      ),
      row("calls to backends", (run) => sum(run, ({ calls }) => calls)),
      row("429 from backends", (run) => sum(run, ({ throttled }) => throttled)),
      row("breakers opened", (run) => sum(run, ({ trips }) => trips)),
      row("p50", (run) => latency(run, 0.5)),
      row("p95", (run) => latency(run, 0.95)),
    ],
    1,
    style,
  );
}
