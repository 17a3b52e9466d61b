/** A simulation for scripts. Times in seconds from the start. */
import type { JsonObject } from "../../core/json.ts";
import type { TraceEntry } from "../../core/gateway/exchange.ts";
import { simulationStart } from "../../core/simulate/simulation.ts";
import type { Simulation, TimelineEntry } from "../../core/simulate/simulation.ts";
import type { StreamStatistics } from "../../core/simulate/statistics.ts";
import type { GatewayRun } from "./gateway-run.ts";

/** The first run; a second one under `compare`. */
export function formatSimulationJson([first, ...others]: readonly GatewayRun[]): string {
  if (first === undefined) throw new RangeError("there is a run to format");
  const compare = others.map((run) => ({ file: run.name, ...runJson(run.simulation) }));
  return JSON.stringify({
    formatVersion: 1,
    ...runJson(first.simulation),
    ...(compare[0] === undefined ? {} : { compare: compare[0] }),
  });
}

function runJson(simulation: Simulation): JsonObject {
  const { statistics, timeline, trips, milliseconds, explained } = simulation;
  const backends = statistics.backends();
  return {
    requests: statistics.requests,
    byBackend: Object.fromEntries(backends.map(({ backend, answered }) => [backend, answered])),
    byStatus: Object.fromEntries([...statistics.byStatus].sort(([a], [b]) => a - b)),
    seconds: seconds(milliseconds),
    backends: backends.map((each) => ({
      id: each.backend,
      region: each.region,
      answered: each.answered,
      calls: each.calls,
      throttled: each.throttled,
      failed: each.failed,
      p50: each.p50 === null ? null : seconds(each.p50),
      p95: each.p95 === null ? null : seconds(each.p95),
      trips: each.trips,
      openSeconds: seconds(each.openMilliseconds),
      ...(each.streams === undefined ? {} : { streams: streamsJson(each.streams) }),
    })),
    callers: statistics.callers().map((each) => ({
      subscription: each.subscription,
      product: each.product,
      requests: each.requests,
      answered: each.answered,
      refused: each.refused,
      failed: each.failed,
      p50: each.p50 === null ? null : seconds(each.p50),
      p95: each.p95 === null ? null : seconds(each.p95),
    })),
    trips: trips.map(({ backend, at, until, why }) => ({
      backend,
      t: seconds(at),
      until: seconds(until),
      why,
    })),
    refusals: Object.fromEntries(simulation.refusals),
    timeline: timeline.map(entryJson),
    ...(explained === undefined
      ? {}
      : { explain: { ...entryJson(explained.entry), trace: explained.trace.map(traceJson) } }),
  };
}

function streamsJson({ count, cut, firstByteP50, firstByteP95 }: StreamStatistics): JsonObject {
  return {
    count,
    cut,
    firstByteP50: firstByteP50 === null ? null : seconds(firstByteP50),
    firstByteP95: firstByteP95 === null ? null : seconds(firstByteP95),
  };
}

/** One request, also for the page. */
export function entryJson(entry: TimelineEntry): JsonObject {
  return {
    t: seconds(entry.at),
    client: entry.client,
    backend: entry.backend,
    region: entry.region,
    status: entry.status,
    attempts: entry.attempts.map(({ backend, at, endedAt, status, failure, why, trip }) => ({
      backend,
      status,
      t: seconds(at),
      seconds: seconds(endedAt - at),
      ...(failure === null ? {} : { failure }),
      ...(why === null ? {} : { why }),
      ...(trip === null ? {} : { trip }),
    })),
    seconds: seconds(entry.endedAt - entry.at),
    ...(entry.firstByteAt === null ? {} : { firstByte: seconds(entry.firstByteAt - entry.at) }),
    ...(entry.isCut ? { isCut: true } : {}),
    instance: entry.instance,
    ...(entry.retryAfter === null ? {} : { retryAfter: entry.retryAfter }),
    ...(entry.error === null ? {} : { error: entry.error }),
  };
}

function traceJson({ at, statement, text }: TraceEntry): JsonObject {
  return {
    t: seconds(at - simulationStart),
    policy: statement?.policy ?? null,
    scope: statement?.scope ?? null,
    section: statement?.section ?? null,
    path: statement?.path ?? null,
    text,
  };
}

/** Milliseconds as seconds, without the dust of binary fractions. */
function seconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1_000_000;
}
