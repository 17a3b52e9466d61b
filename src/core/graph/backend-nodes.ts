/** What is called, as nodes: pools with their members, backends with their breakers, plain URLs. */
import type { BackendConfig, PoolBackend, PoolMember } from "../gateway/backend-config.ts";
import type { BreakerRule } from "../gateway/breaker.ts";
import type { ApiConfig } from "../gateway/config.ts";
import { compareText } from "../problem.ts";
import { shortDuration } from "../spec/duration.ts";
import { writeStatusCode } from "../spec/status-codes.ts";
import type { GraphEdge, GraphNode } from "./graph.ts";
import type { NodeIds } from "./node-ids.ts";

/** A backend or pool; `config` is absent for one that is on the service only. */
export function backendNode(
  ids: NodeIds,
  name: string,
  config: BackendConfig | undefined,
  title: string | undefined,
): GraphNode {
  const about = title === undefined || title === name ? [] : [title];
  if (config === undefined) {
    const id = ids.idOf("backend", name);
    return { id, kind: "backend", name, title: [name], lines: ["on the service, not in this spec"] };
  }
  if (config.kind === "pool") {
    const session =
      config.sessionCookie === undefined ? [] : [`sessions stay: cookie ${config.sessionCookie}`];
    return {
      id: ids.idOf("pool", name),
      kind: "pool",
      name,
      title: [name],
      lines: [...about, poolText(config), ...session],
    };
  }
  return {
    id: ids.idOf("backend", name),
    kind: "backend",
    name,
    title: [name],
    lines: [
      ...about,
      withoutScheme(config.url),
      ...(config.breaker === undefined ? [] : breakerLines(config.breaker)),
    ],
    url: config.url,
    ...(config.breaker === undefined ? {} : { breaker: config.breaker }),
  };
}

function poolText({ members }: PoolBackend): string {
  const priorities = new Set(members.map(({ priority }) => priority)).size;
  return priorities > 1 ? "pool, by priority" : "pool, in turn";
}

/** From a pool to each of its members, by priority. */
export function memberEdges(
  ids: NodeIds,
  pool: PoolBackend,
  idOf: (backend: string) => string,
): readonly GraphEdge[] {
  const from = ids.idOf("pool", pool.id);
  const hasPriorities = new Set(pool.members.map(({ priority }) => priority)).size > 1;
  return [...pool.members]
    .sort((a, b) => a.priority - b.priority || compareText(a.backend, b.backend))
    .map(({ backend, priority, weight }) => ({
      from,
      to: idOf(backend),
      kind: "member",
      label: [
        ...(hasPriorities ? [`priority ${priority}`] : []),
        ...(hasWeights(pool.members, priority) ? [`weight ${weight}`] : []),
      ],
      priority,
      weight,
    }));
}

/** Weights count among members of one priority only. */
function hasWeights(members: readonly PoolMember[], priority: number): boolean {
  const weights = members.filter((member) => member.priority === priority).map(({ weight }) => weight);
  return new Set(weights).size > 1;
}

function breakerLines(rule: BreakerRule): readonly string[] {
  const { count, percentage, intervalMilliseconds, statusRanges, errorReasons, tripMilliseconds } = rule;
  const share = percentage === undefined ? `${count ?? 1} ×` : `${percentage} %`;
  const what = [...statusRanges.map((range) => String(writeStatusCode(range))), ...errorReasons].join(", ");
  const failures = what === "" ? "failures" : what;
  const retryAfter = rule.acceptRetryAfter ? " or Retry-After" : "";
  return [
    `breaker: ${share} ${failures} in ${shortDuration(intervalMilliseconds)}`,
    `then open for ${shortDuration(tripMilliseconds)}${retryAfter}`,
  ];
}

/** A URL that is called without a backend. */
export function urlNode(ids: NodeIds, url: string, about: string): GraphNode {
  return {
    id: ids.idOf("url", url),
    kind: "url",
    name: url,
    title: [withoutScheme(url)],
    lines: [about],
    url,
  };
}

/** Where an API goes when no policy says otherwise. */
export function serviceUrlNode(ids: NodeIds, api: ApiConfig): GraphNode {
  const about = `service URL of ${api.id}`;
  if (api.serviceUrl !== undefined) return urlNode(ids, api.serviceUrl.replace(/\/+$/, ""), about);
  const id = ids.idOf("url", api.id);
  return { id, kind: "url", name: api.id, title: [about], lines: ["set on the service, not in this spec"] };
}

export function computedNode(ids: NodeIds, expression: string): GraphNode {
  return {
    id: ids.idOf("url", expression),
    kind: "url",
    name: expression,
    title: ["chosen by an expression"],
    lines: [expression],
  };
}

function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//, "");
}
