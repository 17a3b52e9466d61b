/** The routes of what a spec compiles to. */
import { gatewayGraph } from "../core/graph/gateway-graph.ts";
import type { GraphOptions } from "../core/graph/gateway-graph.ts";
import type { Graph } from "../core/graph/graph.ts";
import type { Files } from "../core/ports.ts";
import { hasExpressions } from "./has-expressions.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";

export type GraphRequest = {
  readonly gateway: GatewayRequest;
  readonly options: Omit<GraphOptions, "environment">;
  /** Makes the C# grammar ready; called when there are expressions. */
  readonly loadGrammar: () => Promise<void>;
};

/** Throws Failure `FILE.*`, `SPEC.INVALID`, and what gatewayGraph throws. */
export async function graph(files: Files, { gateway, options, loadGrammar }: GraphRequest): Promise<Graph> {
  const { model } = await loadSoundGateway(files, gateway);
  if (model.resources.some(hasExpressions)) await loadGrammar();
  return gatewayGraph(model, { ...options, environment: gateway.environment });
}
