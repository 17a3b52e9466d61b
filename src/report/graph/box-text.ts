/** The texts of nodes and edges in lines, and the room that they take. */
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { visibleLine } from "../visible.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** Pixels. */
export const sizes = {
  title: 13,
  line: 11.5,
  label: 11,
  /** Names of columns; letters stand apart a little. */
  head: 11,
  lineHeight: 16,
  labelHeight: 14,
  /** Between the border of a node and its text. */
  padding: 12,
} as const;

const widestText = 244;
const widestLabel = 160;

export type NodeText = {
  readonly title: readonly string[];
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
};

export type LabelText = {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
};

export function nodeText(node: Pick<GraphNode, "title" | "lines">): NodeText {
  const title = node.title.flatMap((line) => wrapText(visibleLine(line), sizes.title, widestText, true));
  const lines = node.lines.flatMap((line) => wrapText(visibleLine(line), sizes.line, widestText));
  const widest = Math.max(
    ...title.map((line) => textWidth(line, sizes.title, true)),
    ...lines.map((line) => textWidth(line, sizes.line)),
  );
  return {
    title,
    lines,
    width: Math.ceil(widest) + 2 * sizes.padding,
    height: (title.length + lines.length) * sizes.lineHeight + 2 * sizes.padding - 4,
  };
}

/** The least width of a column: that of its name. */
export function headWidth(name: string): number {
  return Math.ceil(textWidth(name, sizes.head, true) + name.length * 0.5);
}

/** No lines take no room. */
export function labelText({ label }: Pick<GraphEdge, "label">): LabelText {
  const lines = label.flatMap((line) => wrapText(visibleLine(line), sizes.label, widestLabel));
  if (lines.length === 0) return { lines, width: 0, height: 0 };
  const widest = Math.max(...lines.map((line) => textWidth(line, sizes.label)));
  return { lines, width: Math.ceil(widest) + 12, height: lines.length * sizes.labelHeight + 6 };
}
