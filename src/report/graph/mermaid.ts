/** The routes as a Mermaid flowchart, which GitHub, GitLab and Azure DevOps draw in Markdown. */
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "../../core/graph/graph.ts";
import { visibleLine } from "../visible.ts";
import { graphTitle } from "./graph-title.ts";

const shapes: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  caller: ["([", "])"],
  api: ["[[", "]]"],
  operation: ["[", "]"],
  denied: ["[", "]"],
  pool: ["{{", "}}"],
  backend: ["(", ")"],
  url: [">", "]"],
};

const arrows: Readonly<Record<EdgeKind, string>> = {
  call: "---",
  route: "-->",
  fallback: "-.->",
  member: "-->",
  side: "-.-",
};

/** Fill, border and text are all set: whatever the page's theme, text stands out from its own ground. */
const styles: Readonly<Record<NodeKind, string>> = {
  caller: "fill:#f3e8ff,stroke:#8250df,color:#1f2328",
  api: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  operation: "fill:#d9f2ef,stroke:#1b7c83,color:#1f2328",
  denied: "fill:#e6e8eb,stroke:#9aa2ab,color:#57606a",
  pool: "fill:#fff1d0,stroke:#b87504,color:#1f2328",
  backend: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  url: "fill:#f6f8fa,stroke:#57606a,color:#1f2328",
};

/** Ends without a line feed. */
export function formatGraphMermaid(graph: Graph): string {
  const { nodes, edges } = graph;
  const kinds = Map.groupBy(nodes, ({ kind }) => kind);
  return [
    "---",
    `title: ${JSON.stringify(visibleLine(graphTitle(graph)))}`,
    "---",
    "flowchart LR",
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    ...[...kinds].flatMap(([kind, own]) => [
      `  classDef ${kind} ${styles[kind]}`,
      `  class ${own.map(({ id }) => id).join(",")} ${kind}`,
    ]),
  ].join("\n");
}

function nodeText({ id, kind, title, lines }: GraphNode): string {
  const [open, close] = shapes[kind];
  return `${id}${open}${quote([...title, ...lines])}${close}`;
}

function edgeText({ from, to, kind, label }: GraphEdge): string {
  const text = label.length === 0 ? "" : `|${quote(label)}|`;
  return `${from} ${arrows[kind]}${text} ${to}`;
}

/** Where a colon makes Mermaid read the line as a style, or a word as an icon. */
const colonCounts = /style|classDef|fa[a-z]?:/;

/** What Mermaid reads as quotes, entities, HTML or Markdown goes in as an entity of its own kind, the character's number: `#35;`. */
function quote(lines: readonly string[]): string {
  const special = colonCounts.test(lines.join(" ")) ? /["#&<>`*~$\\:]/g : /["#&<>`*~$\\]/g;
  const escaped = lines.map((line) =>
    visibleLine(line).replace(special, (character) => `#${character.charCodeAt(0)};`),
  );
  return `"${escaped.join("<br/>")}"`;
}
