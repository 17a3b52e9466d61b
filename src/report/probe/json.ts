/** A probe for scripts. */
import type { ProbeCall } from "../../core/probe/calls.ts";
import type { ProbeStatistics } from "../../core/probe/statistics.ts";

/** Times in seconds from the start, latencies in milliseconds; calls in the order in which they began. */
export function formatProbeJson(
  calls: readonly ProbeCall[],
  statistics: ProbeStatistics,
  milliseconds: number,
): string {
  const document = {
    formatVersion: 1,
    calls: calls.toSorted((a, b) => a.number - b.number).map(callJson),
    summary: {
      calls: statistics.calls,
      answered: statistics.answered,
      seconds: milliseconds / 1000,
      ...statistics.percentiles(),
      groups: statistics.groups(),
      retryAfter: statistics.retryAfter,
    },
  };
  return JSON.stringify(document, null, 2);
}

function callJson({ number, at, result }: ProbeCall): object {
  const isAnswer = result.kind === "answered";
  return {
    number,
    t: at / 1000,
    milliseconds: Math.round(result.milliseconds * 10) / 10,
    status: isAnswer ? result.status : null,
    region: isAnswer ? result.region : null,
    retryAfter: isAnswer ? result.retryAfter : null,
    failure: isAnswer ? null : result.why,
  };
}
