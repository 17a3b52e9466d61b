/** The routes of a gateway as nodes and edges: what every picture of them is drawn from. */
import type { BreakerRule } from "../gateway/breaker.ts";

export const nodeKinds = ["caller", "api", "operation", "denied", "pool", "backend", "url"] as const;

/** Columns from left to right, but that pools stand before backends and URLs. */
export type NodeKind = (typeof nodeKinds)[number];

export const edgeKinds = ["call", "route", "fallback", "member", "side"] as const;

/**
 * `call`: who calls which API, which operations it has. `route`: who is called first. `fallback`: who is called after what answers.
 * `member`: of a pool. `side`: called beside the route, for embeddings say.
 */
export type EdgeKind = (typeof edgeKinds)[number];

export type GraphNode = {
  /** Letters, digits and `_`: valid in every format, and the same as long as the thing has its name. */
  readonly id: string;
  readonly kind: NodeKind;
  /** APIM's id, or the URL. */
  readonly name: string;
  /** What stands in bold, a line each. */
  readonly title: readonly string[];
  /** What stands below. */
  readonly lines: readonly string[];
  /** Of an operation or denied node: the ids of all that it stands for. */
  readonly operations?: readonly string[];
  readonly url?: string;
  readonly breaker?: BreakerRule;
};

export type GraphEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** A line each. */
  readonly label: readonly string[];
  /** Of a route or fallback: how it comes to it, once for each way. */
  readonly steps?: readonly GraphStep[];
  readonly priority?: number;
  readonly weight?: number;
};

export type GraphStep = {
  /** 1 for what is called first. */
  readonly order: number;
  /** Conditions in few words; empty for none. */
  readonly when: readonly string[];
  /** Answers of the call before, as `429` or `500-599`; empty for the first. */
  readonly on: readonly string[];
  readonly retries: number;
  readonly retryOn: readonly string[];
  /** Between two tries. */
  readonly interval?: string;
  readonly timeout?: string;
};

export type Graph = {
  /** The spec's name. */
  readonly name: string;
  readonly service: string;
  readonly environment: string | undefined;
  /** Callers first, then APIs, operations, pools, backends and URLs. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
};
