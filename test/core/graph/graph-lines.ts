/** A graph as lines to compare: `kind title | line | line`, `from -> to: label`. */
import { gatewayGraph } from "../../../src/core/graph/gateway-graph.ts";
import type { GraphOptions } from "../../../src/core/graph/gateway-graph.ts";
import type { Graph } from "../../../src/core/graph/graph.ts";
import { gatewayResources } from "../gateway/call-gateway.ts";
import type { GatewayCase } from "../gateway/call-gateway.ts";

export function drawCase(gateway: GatewayCase, options: Partial<GraphOptions> = {}): Graph {
  return gatewayGraph(
    { owner: "test", service: { name: "apim" }, resources: gatewayResources(gateway) },
    { apis: [], operations: [], namesAll: false, environment: undefined, ...options },
  );
}

export function nodeLines({ nodes }: Graph): string[] {
  return nodes.map(({ kind, title, lines }) => [`${kind} ${title.join(", ")}`, ...lines].join(" | "));
}

/** Edges between operations and what they call. */
export function routeLines({ nodes, edges }: Graph): string[] {
  const titles = new Map(nodes.map(({ id, title }) => [id, title.join(", ")]));
  return edges
    .filter(({ kind }) => kind !== "call" && kind !== "member")
    .map(({ from, to, kind, label }) => {
      const arrow = kind === "route" ? "->" : kind === "fallback" ? "~>" : "..";
      const text = label.length === 0 ? "" : `: ${label.join("; ")}`;
      return `${titles.get(from) ?? from} ${arrow} ${titles.get(to) ?? to}${text}`;
    });
}
