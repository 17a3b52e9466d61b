/** One request of a simulation, policy by policy. */
import { clockTime } from "../../core/gateway/clock-time.ts";
import type { Attempt, TraceEntry } from "../../core/gateway/exchange.ts";
import { simulationStart } from "../../core/simulate/simulation.ts";
import type { TimelineEntry } from "../../core/simulate/simulation.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visibleLine } from "../visible.ts";
import type { GatewayRun } from "./gateway-run.ts";
import { shortTime } from "./gateway-run.ts";

/** The explained request of each run. */
export function formatExplained(runs: readonly GatewayRun[], style: ReportStyle): string {
  return runs
    .flatMap(({ name, simulation }) => {
      const { explained } = simulation;
      return explained === undefined ? [] : [formatRequest(name, explained.entry, explained.trace, style)];
    })
    .join("\n\n");
}

function formatRequest(
  name: string,
  entry: TimelineEntry,
  trace: readonly TraceEntry[],
  style: ReportStyle,
): string {
  const { bold, dim } = palette(style);
  const head =
    `${bold(`Request ${entry.number}`)} of ${visibleLine(name)}, from client ${entry.client} at ` +
    `${clockTime(simulationStart + entry.at)} (${shortTime(entry.at)} after the start)`;
  const by = entry.backend === null ? "the gateway" : `${entry.backend} (${entry.region ?? "no region"})`;
  const answer = `${bold(String(entry.status))} from ${visibleLine(by)} after ${shortTime(entry.endedAt - entry.at)}${streamText(entry)}`;
  const attempts = formatAttempts(entry.attempts);
  const lines = formatTrace(trace, entry.at, style);
  return [
    head,
    [answer, ...(entry.error === null ? [] : [dim(visibleLine(entry.error))]), ...attempts].join("\n"),
    lines.join("\n"),
  ].join("\n\n");
}

function streamText({ at, firstByteAt, isCut }: TimelineEntry): string {
  const first = firstByteAt === null ? "" : `, its first part after ${shortTime(firstByteAt - at)}`;
  return `${first}${isCut ? ", broken off" : ""}`;
}

/** A line per attempt: why this backend, what it answered, what that did to its breaker. */
export function formatAttempts(attempts: readonly Attempt[]): string[] {
  return attempts.map(
    ({ backend, status, failure, why, trip }, index) =>
      `  ${index + 1}. ${visibleLine(why ?? backend ?? "a URL")}: ${status ?? failure ?? ""}` +
      (trip === null ? "" : `; its breaker ${visibleLine(trip)}`),
  );
}

/** A line per policy, by section; times from `start`, which is in milliseconds from the start of the run. */
export function formatTrace(trace: readonly TraceEntry[], start: number, style: ReportStyle): string[] {
  const { bold, dim, cyan } = palette(style);
  let section = "";
  return trace.flatMap(({ at, statement, text }) => {
    const lines: string[] = [];
    if (statement !== undefined && statement.section !== section) {
      section = statement.section;
      lines.push(bold(section));
    }
    const time = dim(`+${shortTime(at - simulationStart - start)}`.padStart(9));
    if (statement === undefined) lines.push(`${time}  ${visibleLine(text)}`);
    else if (text === "") {
      const depth = "  ".repeat(statement.path.split("/").length - 1);
      lines.push(`${time}  ${depth}${cyan(statement.policy)} ${dim(`${statement.scope} ${statement.path}`)}`);
    } else {
      const depth = "  ".repeat(statement.path.split("/").length);
      lines.push(`${time}  ${depth}${visibleLine(text)}`);
    }
    return lines;
  });
}
