import type { Graph } from "../../core/graph/graph.ts";

/** `contoso-ai on contoso-apim (prod)`. */
export function graphTitle({ name, service, environment }: Graph): string {
  return `${name} on ${service}${environment === undefined ? "" : ` (${environment})`}`;
}
