/** Where the nodes and edges of a picture stand. Columns go from left to right, by what a node is. */
import type { Graph, GraphEdge, GraphNode, NodeKind } from "../../core/graph/graph.ts";
import { headWidth, labelText, nodeText } from "./box-text.ts";
import { orderGraph } from "./order-graph.ts";
import type { OrderedEdge, OrderedNode } from "./order-graph.ts";
import { rankHalves, RankSpaces } from "./rank-spaces.ts";
import type { Point } from "./rank-spaces.ts";

/** By its upper left corner. */
export type Box = Point & { readonly width: number; readonly height: number };

export type PlacedNode = Box & {
  readonly node: GraphNode;
  readonly title: readonly string[];
  readonly lines: readonly string[];
};

export type PlacedLabel = Box & { readonly lines: readonly string[] };

export type PlacedEdge = {
  readonly edge: GraphEdge;
  /** In pairs, from left to right: level from the first of a pair to its second, in a curve to the next pair. */
  readonly points: readonly Point[];
  readonly label: PlacedLabel | undefined;
};

export type Column = { readonly name: string; readonly x: number };

export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly columns: readonly Column[];
};

export const margin = 20;
/** Above the columns: their names. */
const head = 26;

const columnOf: Readonly<Record<NodeKind, number>> = {
  caller: 0,
  api: 1,
  operation: 2,
  denied: 2,
  pool: 3,
  backend: 4,
  url: 4,
};
const columnNames = ["Callers", "APIs", "Operations", "Pools", "Backends"];

/** Equal for equal graphs. */
export function layoutGraph(graph: Graph): Layout {
  const columns = [...new Set(graph.nodes.map(({ kind }) => columnOf[kind]))].sort((a, b) => a - b);
  const ordered = orderGraph(
    graph.nodes.map((node) => ({ node, text: nodeText(node), column: columns.indexOf(columnOf[node.kind]) })),
    graph.edges.map((edge) => ({ edge, text: labelText(edge) })),
    columns.map((column) => headWidth(columnNames[column] ?? "")),
  );
  const spaces = new RankSpaces(
    rankHalves(ordered.boxes),
    ordered.edges.map(({ route }) => route),
    margin,
  );
  const nodes = ordered.nodes.map((node) => placeNode(node, spaces));
  const byId = new Map(nodes.map((box) => [box.node.id, box]));
  const edges = ordered.edges.map((edge) => placeEdge(edge, byId, spaces));
  const boxes = [...nodes, ...edges.flatMap(({ label }) => label ?? [])];
  return {
    width: Math.ceil(Math.max(0, ...boxes.map(({ x, width }) => x + width))) + margin,
    height: Math.ceil(Math.max(0, ...boxes.map(({ y, height }) => y + height))) + margin,
    nodes,
    edges,
    columns: columns.map((column) => ({
      name: columnNames[column] ?? "",
      x: Math.min(...nodes.filter(({ node }) => columnOf[node.kind] === column).map(({ x }) => x)),
    })),
  };
}

function placeNode({ node, text, width, middle }: OrderedNode, spaces: RankSpaces): PlacedNode {
  const { title, lines, height } = text;
  return { node, title, lines, ...boxAt(spaces, middle, { width, height }) };
}

function placeEdge(
  { edge, text, middle, route }: OrderedEdge,
  nodes: ReadonlyMap<string, PlacedNode>,
  spaces: RankSpaces,
): PlacedEdge {
  return {
    edge,
    points: pathPoints(edge, nodes, route, spaces),
    label: middle === undefined ? undefined : { lines: text.lines, ...boxAt(spaces, middle, text) },
  };
}

/** In the middle of the room of its rank. */
function boxAt(spaces: RankSpaces, { x, y }: Point, { width, height }: Pick<Box, "width" | "height">): Box {
  const { left, right } = spaces.at(x);
  return { x: (left + right - width) / 2, y: y - height / 2 + margin + head, width, height };
}

function pathPoints(
  edge: GraphEdge,
  nodes: ReadonlyMap<string, PlacedNode>,
  route: readonly Point[],
  spaces: RankSpaces,
): readonly Point[] {
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  if (from === undefined || to === undefined) throw new Error("an edge leads from or to no node");
  return route.flatMap(({ x, y }, index) => {
    const { left, right } = spaces.at(x);
    const at = y + margin + head;
    // Out of the side of a node, whose rank may be wider than itself, and into the side of the other.
    return [
      { x: index === 0 ? from.x + from.width : left, y: at },
      { x: index === route.length - 1 ? to.x : right, y: at },
    ];
  });
}
