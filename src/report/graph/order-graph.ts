/** Who stands above whom, so that edges cross little and pass between boxes: dagre's layered layout. */
import { Graph as LayoutGraph, layout } from "@dagrejs/dagre";
import type { LayoutEdge, LayoutNode } from "@dagrejs/dagre";
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import type { LabelText, NodeText } from "./box-text.ts";
import { rankHalves, rankKey } from "./rank-spaces.ts";
import type { MiddleBox, Point } from "./rank-spaces.ts";

export type NodeToOrder = { readonly node: GraphNode; readonly text: NodeText; readonly column: number };
export type EdgeToOrder = { readonly edge: GraphEdge; readonly text: LabelText };

/** All nodes of a column are as wide as its widest. */
export type OrderedNode = NodeToOrder & { readonly width: number; readonly middle: Point };

export type OrderedEdge = EdgeToOrder & {
  /** Of the label, where there is one. */
  readonly middle: Point | undefined;
  /** From the middle of a node to that of the other, through every rank between that holds something. */
  readonly route: readonly Point[];
};

export type Ordered = {
  readonly nodes: readonly OrderedNode[];
  readonly edges: readonly OrderedEdge[];
  /** Nodes and labels. */
  readonly boxes: readonly MiddleBox[];
};

/** `leastWidths` of the columns. */
export function orderGraph(
  nodes: readonly NodeToOrder[],
  edges: readonly EdgeToOrder[],
  leastWidths: readonly number[],
): Ordered {
  const widths = new Map(leastWidths.map((width, column) => [column, width]));
  for (const { column, text } of nodes) widths.set(column, Math.max(widths.get(column) ?? 0, text.width));
  const laid = new LayoutGraph({ multigraph: true });
  laid.setGraph({ rankdir: "LR", nodesep: 18, edgesep: 12, ranksep: 40 });
  for (const { node, text, column } of nodes) {
    laid.setNode(node.id, { width: widths.get(column) ?? text.width, height: text.height });
  }
  const columns = new Map(nodes.map(({ node, column }) => [node.id, column]));
  for (const [index, { edge, text }] of edges.entries()) {
    const minlen = Math.max(1, (columns.get(edge.to) ?? 0) - (columns.get(edge.from) ?? 0));
    const label = { width: text.width, height: text.height, minlen, labelpos: "c" as const };
    laid.setEdge(edge.from, edge.to, label, String(index));
  }
  anchor(laid, nodes, edges);
  layout(laid);
  return read(nodes, edges, laid);
}

/** Ties what nothing leads to into its column, by a node that is not drawn: ranks are only known from edges. */
function anchor(laid: LayoutGraph, nodes: readonly NodeToOrder[], edges: readonly EdgeToOrder[]): void {
  const reached = new Set(edges.map(({ edge }) => edge.to));
  laid.setNode(anchorId, { width: 0, height: 0 });
  for (const { node, column } of nodes.filter(({ node: { id } }) => !reached.has(id))) {
    laid.setEdge(anchorId, node.id, { width: 0, height: 0, minlen: column + 1, labelpos: "c" }, anchorId);
  }
}

/** No id of a node of ours: those are longer. */
const anchorId = "_";

function read(nodes: readonly NodeToOrder[], edges: readonly EdgeToOrder[], laid: LayoutGraph): Ordered {
  const middleOf = (id: string) => pointOf(laid.node(id));
  const laidEdges = edges.map(({ edge, text }, index) => {
    const own: LayoutEdge = laid.edge(edge.from, edge.to, String(index));
    return { own, middle: text.lines.length === 0 ? undefined : pointOf(own) };
  });
  const boxes = [
    ...nodes.map(({ node }) => ({ ...middleOf(node.id), width: laid.node(node.id).width })),
    ...laidEdges.flatMap(({ own, middle }) =>
      middle === undefined ? [] : [{ ...middle, width: own.width }],
    ),
  ];
  const ranks = rankHalves(boxes);
  return {
    nodes: nodes.map((each) => ({
      ...each,
      width: laid.node(each.node.id).width,
      middle: middleOf(each.node.id),
    })),
    edges: edges.map(({ edge, text }, index) => {
      const { own, middle } = laidEdges[index] ?? {};
      const between = (own?.points ?? []).slice(1, -1).filter(({ x }) => ranks.has(rankKey(x)));
      return { edge, text, middle, route: [middleOf(edge.from), ...between, middleOf(edge.to)] };
    }),
    boxes,
  };
}

/** What the layout has placed. */
function pointOf({ x, y }: Pick<LayoutNode, "x" | "y">): Point {
  if (x === undefined || y === undefined) throw new Error("the layout has left something out");
  return { x, y };
}
