/** The routes for scripts. Times in seconds. */
import type { BreakerRule } from "../../core/gateway/breaker.ts";
import type { Graph, GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import type { JsonObject } from "../../core/json.ts";
import { writeStatusCode } from "../../core/spec/status-codes.ts";

export function formatGraphJson({ name, service, environment, nodes, edges }: Graph): string {
  return JSON.stringify({
    formatVersion: 1,
    name,
    service,
    environment: environment ?? null,
    nodes: nodes.map(nodeJson),
    edges: edges.map(edgeJson),
  });
}

function nodeJson({ id, kind, name, title, lines, operations, url, breaker }: GraphNode): JsonObject {
  return {
    id,
    kind,
    name,
    title,
    lines,
    ...(operations === undefined ? {} : { operations }),
    ...(url === undefined ? {} : { url }),
    ...(breaker === undefined ? {} : { circuitBreaker: breakerJson(breaker) }),
  };
}

function breakerJson(rule: BreakerRule): JsonObject {
  return {
    ...(rule.count === undefined ? {} : { count: rule.count }),
    ...(rule.percentage === undefined ? {} : { percentage: rule.percentage }),
    intervalSeconds: rule.intervalMilliseconds / 1000,
    statusCodes: rule.statusRanges.map((range) => String(writeStatusCode(range))),
    errorReasons: rule.errorReasons,
    tripSeconds: rule.tripMilliseconds / 1000,
    acceptRetryAfter: rule.acceptRetryAfter,
  };
}

function edgeJson({ from, to, kind, label, steps, priority, weight }: GraphEdge): JsonObject {
  return {
    from,
    to,
    kind,
    label,
    ...(steps === undefined ? {} : { steps: steps.map((step) => ({ ...step })) }),
    ...(priority === undefined ? {} : { priority }),
    ...(weight === undefined ? {} : { weight }),
  };
}
