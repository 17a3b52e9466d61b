/** The routes as a DOT graph, for Graphviz. */
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "../../core/graph/graph.ts";
import { visibleLine } from "../visible.ts";
import { graphTitle } from "./graph-title.ts";

const styles: Readonly<Record<NodeKind, string>> = {
  caller: 'fillcolor="#fbf4ff", color="#8250df"',
  api: 'fillcolor="#eef6ff", color="#0969da"',
  operation: 'fillcolor="#ecf8f6", color="#1b7c83"',
  denied: 'fillcolor="#f3f4f6", color="#9aa2ab", fontcolor="#57606a"',
  pool: 'fillcolor="#fff6e5", color="#b87504"',
  backend: 'fillcolor="#edf9ef", color="#1a7f37"',
  url: 'fillcolor="#f6f8fa", color="#57606a"',
};

const edgeStyles: Readonly<Record<EdgeKind, string>> = {
  call: "dir=none",
  route: "",
  fallback: "style=dashed",
  member: "",
  side: "style=dotted, dir=none",
};

/** Callers, APIs and operations stand in columns; the rest follows from the edges. */
const columns: readonly (readonly NodeKind[])[] = [["caller"], ["api"], ["operation", "denied"]];

/** Ends without a line feed. */
export function formatGraphDot(graph: Graph): string {
  const { nodes, edges } = graph;
  return [
    `digraph ${quote([graphTitle(graph)])} {`,
    `  graph [rankdir=LR, nodesep=0.3, ranksep=0.8, labelloc=t, label=${quote([graphTitle(graph)])}, fontname="Helvetica"];`,
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, margin="0.15,0.08"];',
    '  edge [fontname="Helvetica", fontsize=10, color="#7d8590", fontcolor="#57606a"];',
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...columns.flatMap((kinds) => column(nodes.filter(({ kind }) => kinds.includes(kind)))),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    "}",
  ].join("\n");
}

function nodeText({ id, kind, title, lines }: GraphNode): string {
  return `${quote([id])} [label=${quote([...title, ...lines])}, ${styles[kind]}];`;
}

function column(nodes: readonly GraphNode[]): readonly string[] {
  if (nodes.length < 2) return [];
  return [`  { rank=same; ${nodes.map(({ id }) => quote([id])).join("; ")}; }`];
}

function edgeText({ from, to, kind, label }: GraphEdge): string {
  const attributes = [
    ...(label.length === 0 ? [] : [`label=${quote(label)}`]),
    ...(edgeStyles[kind] === "" ? [] : [edgeStyles[kind]]),
  ];
  return `${quote([from])} -> ${quote([to])}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`;
}

/** A quoted text, a line each; `\` starts an escape there and `&` an entity. */
function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    visibleLine(line).replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"'),
  );
  return `"${escaped.join("\\n")}"`;
}
