/** Graphs with every kind of node and edge, and texts that are hard to write. */
import fc from "fast-check";
import type { Graph, GraphEdge, GraphNode, NodeKind } from "../../../src/core/graph/graph.ts";

const columns: readonly (readonly NodeKind[])[] = [
  ["caller"],
  ["api"],
  ["operation", "denied"],
  ["pool"],
  ["backend", "url"],
];

const hard = [
  'a "quoted" & <b>bold</b> #35; #quot; &lt;',
  "back\\slash \\n \\N",
  "`code` *em* ~~x~~ | [x](y) {z} %% c",
  "style x:#fff;",
  "fa:fa-user",
  "end",
  "1. list",
  "]]>",
  "日本語",
  "line\nend\u0000\u202e",
  "a-very-long-name-".repeat(12),
  "",
];

export const hardText = fc.oneof(fc.constantFrom(...hard), fc.string({ unit: "grapheme", maxLength: 30 }));

export const graphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(
      fc.record({
        column: fc.integer({ min: 0, max: 4 }),
        kind: fc.nat(1),
        title: fc.array(hardText, { minLength: 1, maxLength: 3 }),
        lines: fc.array(hardText, { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    fc.array(
      fc.record({
        from: fc.nat(100),
        to: fc.nat(100),
        kind: fc.constantFrom("call", "route", "fallback", "member", "side"),
        label: fc.array(hardText, { maxLength: 3 }),
      }),
      { maxLength: 24 },
    ),
    hardText,
  )
  .map(([parts, links, name]) => {
    const nodes = parts.map(({ column, kind, title, lines }, index): GraphNode => {
      const kinds = columns[column] ?? [];
      return {
        id: `node_${index}`,
        kind: kinds[kind % kinds.length] ?? "api",
        name: title[0] ?? "",
        title,
        lines,
      };
    });
    const columnOf = (node: GraphNode) => columns.findIndex((kinds) => kinds.includes(node.kind));
    const edges = links.flatMap(({ from, to, kind, label }): GraphEdge[] => {
      const [a, b] = [nodes[from % nodes.length], nodes[to % nodes.length]];
      if (a === undefined || b === undefined || columnOf(a) >= columnOf(b)) return [];
      return [{ from: a.id, to: b.id, kind, label }];
    });
    return { name, service: "apim", environment: undefined, nodes, edges };
  });
