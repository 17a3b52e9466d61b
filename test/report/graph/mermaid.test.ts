/** Mermaid is too large for a dependency, so its grammar is held to more strictly here than Mermaid itself does. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatGraphMermaid } from "../../../src/report/graph/mermaid.ts";
import { visibleLine } from "../../../src/report/visible.ts";
import "../../support/seed.ts";
import { graphs } from "./graph-arbitrary.ts";

const id = "[A-Za-z][A-Za-z0-9_]*";
const quoted = '"([^"]*)"';
const shapes = [
  [String.raw`\(\[`, String.raw`\]\)`],
  [String.raw`\[\[`, String.raw`\]\]`],
  [String.raw`\[`, String.raw`\]`],
  [String.raw`\{\{`, String.raw`\}\}`],
  [String.raw`\(`, String.raw`\)`],
  [">", String.raw`\]`],
].map(([open, close]) => `${open}${quoted}${close}`);
const node = new RegExp(`^  (${id})(?:${shapes.join("|")})$`);
const edge = new RegExp(String.raw`^  (${id}) (?:---|-->|-\.->|-\.-)(?:\|${quoted}\|)? (${id})$`);
const style = new RegExp(`^  (?:classDef ${id} [a-z:#0-9,]+|class ${id}(?:,${id})* ${id})$`);
const words = new Set(["end", "graph", "subgraph", "class", "click", "style", "default"]);

/** What a label shows. */
function read(label: string): string {
  expect(label).not.toMatch(/[`*~$\\&]|<(?!br\/>)|(?<!<br\/)>/);
  if (/style|classDef/.test(label)) expect(label).not.toContain(":");
  return label
    .split("<br/>")
    .map((line) =>
      line.replace(/#(\d+);|#/g, (_, code?: string) =>
        code === undefined ? "BAD" : String.fromCharCode(Number(code)),
      ),
    )
    .join("\n");
}

function written(lines: readonly string[]): string {
  return lines.map((line) => visibleLine(line)).join("\n");
}

describe("the flowchart", () => {
  it("has every node and edge, with its label, and nothing else", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const [open, title = "", close, head, ...lines] = formatGraphMermaid(graph).split("\n");
        expect([open, close, head]).toEqual(["---", "---", "flowchart LR"]);
        expect(title).toMatch(/^title: "/);
        expect(JSON.parse(title.slice("title: ".length))).toBe(visibleLine(`${graph.name} on apim`));
        const nodes: [string, string][] = [];
        const edges: [string, string, string][] = [];
        for (const line of lines) {
          const [, name, ...texts] = node.exec(line) ?? [];
          const [, from, label, to] = edge.exec(line) ?? [];
          if (name !== undefined) nodes.push([name, read(texts.join(""))]);
          else if (from !== undefined) edges.push([from, to ?? "", read(label ?? "")]);
          else expect(line).toMatch(style);
        }
        expect(nodes).toEqual(
          graph.nodes.map(({ id: own, title: text, lines: more }) => [own, written([...text, ...more])]),
        );
        expect(edges).toEqual(graph.edges.map(({ from, to, label }) => [from, to, written(label)]));
        expect(nodes.filter(([name]) => words.has(name))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
