/** The routes as a picture that stands on its own: no fonts, no scripts, its own ground, colours for light and dark. */
import type { EdgeKind, Graph, NodeKind } from "../../core/graph/graph.ts";
import { escapeXml } from "../simulate/svg.ts";
import { visibleLine } from "../visible.ts";
import { graphTitle } from "./graph-title.ts";
import { sizes } from "./box-text.ts";
import { layoutGraph, margin } from "./layout.ts";
import type { Column, Layout, PlacedEdge, PlacedNode } from "./layout.ts";
import type { Point } from "./rank-spaces.ts";

type Theme = {
  readonly ground: string;
  readonly border: string;
  readonly text: string;
  readonly muted: string;
  readonly edge: string;
  readonly kinds: Readonly<Record<NodeKind, { readonly fill: string; readonly stroke: string }>>;
};

const light: Theme = {
  ground: "#ffffff",
  border: "#d1d9e0",
  text: "#1f2328",
  muted: "#57606a",
  edge: "#7d8590",
  kinds: {
    caller: { fill: "#fbf4ff", stroke: "#8250df" },
    api: { fill: "#eef6ff", stroke: "#0969da" },
    operation: { fill: "#ecf8f6", stroke: "#1b7c83" },
    denied: { fill: "#f3f4f6", stroke: "#9aa2ab" },
    pool: { fill: "#fff6e5", stroke: "#b87504" },
    backend: { fill: "#edf9ef", stroke: "#1a7f37" },
    url: { fill: "#f6f8fa", stroke: "#57606a" },
  },
};

const dark: Theme = {
  ground: "#0d1117",
  border: "#3d444d",
  text: "#f0f6fc",
  muted: "#9da7b1",
  edge: "#8b949e",
  kinds: {
    caller: { fill: "#231a36", stroke: "#a371f7" },
    api: { fill: "#10233d", stroke: "#4493f8" },
    operation: { fill: "#0d2a2c", stroke: "#39aab3" },
    denied: { fill: "#161b22", stroke: "#6e7681" },
    pool: { fill: "#2e2208", stroke: "#d29922" },
    backend: { fill: "#10281a", stroke: "#3fb950" },
    url: { fill: "#1c2128", stroke: "#9198a1" },
  },
};

const dashes: Readonly<Record<EdgeKind, string>> = {
  call: "",
  route: "",
  fallback: ' stroke-dasharray="6 4"',
  member: "",
  side: ' stroke-dasharray="1.5 3.5"',
};

/** Ends without a line feed. */
export function formatGraphSvg(graph: Graph): string {
  const layout = layoutGraph(graph);
  const title = graphTitle(graph);
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(visibleLine(title))}">`,
    `<title>${escapeXml(visibleLine(title))}</title>`,
    `<style>\n${style()}\n</style>`,
    `<defs><marker id="end" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="end" d="M0.5 0.5 7.5 4 0.5 7.5z"/></marker></defs>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...layout.columns.map(drawColumn),
    ...drawEdges(layout),
    ...layout.nodes.map(drawNode),
    "</svg>",
  ].join("\n");
}

function style(): string {
  const fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif";
  return [
    `text{font-family:${fonts};font-size:${sizes.line}px}`,
    `.title{font-size:${sizes.title}px;font-weight:600}`,
    `.label{font-size:${sizes.label}px}`,
    `.head{font-size:${sizes.head}px;font-weight:600;letter-spacing:.04em}`,
    ".edge{fill:none;stroke-width:1.4}",
    ".box{stroke-width:1.2}",
    ...themeRules(light),
    "@media (prefers-color-scheme:dark){",
    ...themeRules(dark),
    "}",
  ].join("\n");
}

function themeRules({ ground, border, text, muted, edge, kinds }: Theme): readonly string[] {
  return [
    `.ground{fill:${ground};stroke:${border}}`,
    `.under{fill:${ground}}`,
    `.title{fill:${text}}`,
    `.line,.label,.head,.denied .title{fill:${muted}}`,
    `.edge{stroke:${edge}}`,
    `.end{fill:${edge}}`,
    ...Object.entries(kinds).flatMap(([kind, { fill, stroke }]) => [
      `.${kind} .box{fill:${fill};stroke:${stroke}}`,
      `.${kind} .bar{fill:${stroke}}`,
    ]),
  ];
}

function drawColumn({ name, x }: Column): string {
  return `<text class="head" x="${round(x)}" y="${margin + 8}">${escapeXml(name)}</text>`;
}

/** All lines first, so that none crosses out a label. */
function drawEdges({ edges }: Layout): readonly string[] {
  return [
    ...edges.map(({ edge, points }) => {
      const isGrey = edge.kind === "call" ? "" : ' marker-end="url(#end)"';
      return `<path class="edge" d="${pathData(points)}"${dashes[edge.kind]}${isGrey}/>`;
    }),
    ...edges.flatMap(drawLabel),
  ];
}

function drawLabel({ label }: PlacedEdge): readonly string[] {
  if (label === undefined) return [];
  const { x, y, width, height, lines } = label;
  const middle = round(x + width / 2);
  return [
    `<g class="edge-label"><rect class="under" x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="4"/>`,
    ...lines.map(
      (line, index) =>
        `<text class="label" text-anchor="middle" x="${middle}" y="${round(y + 13 + index * sizes.labelHeight)}">${escapeXml(line)}</text>`,
    ),
    "</g>",
  ];
}

function drawNode({ node, title, lines, x, y, width, height }: PlacedNode): string {
  const left = round(x + sizes.padding);
  const rows = [
    ...title.map((line) => ({ line, style: "title" })),
    ...lines.map((line) => ({ line, style: "line" })),
  ];
  return [
    `<g class="node ${node.kind}"><rect class="box" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6"/>`,
    `<rect class="bar" x="${round(x)}" y="${round(y + 6)}" width="3" height="${round(height - 12)}"/>`,
    ...rows.map(
      ({ line, style: name }, index) =>
        `<text class="${name}" x="${left}" y="${round(y + sizes.padding + 10 + index * sizes.lineHeight)}">${escapeXml(line)}</text>`,
    ),
    "</g>",
  ].join("\n");
}

/** Straight between the points of a pair, and in a curve that begins and ends level from one pair to the next. */
function pathData(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const to = `${round(point.x)} ${round(point.y)}`;
      if (before === undefined) return `M${to}`;
      if (index % 2 === 1) return before.x === point.x ? "" : `H${round(point.x)}`;
      const bend = round((before.x + point.x) / 2);
      return `C${bend} ${round(before.y)} ${bend} ${round(point.y)} ${to}`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
