import { parse } from "@ts-graphviz/ast";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatGraphDot } from "../../../src/report/graph/dot.ts";
import { visibleLine } from "../../../src/report/visible.ts";
import "../../support/seed.ts";
import { graphs } from "./graph-arbitrary.ts";

it("is DOT that has every node and edge, with its label", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const file: { readonly children: readonly Whole[] } = parse(formatGraphDot(graph), {
        startRule: "Dot",
      });
      const statements = file.children.find(({ type }) => type === "Graph")?.children ?? [];
      const labels = new Map<string, string>();
      const edges: string[] = [];
      for (const statement of statements) {
        if (isNode(statement)) labels.set(statement.id.value, labelOf(statement.children));
        if (isEdge(statement)) {
          const [from, to] = statement.targets.map((target) => target.id.value);
          edges.push(`${from} ${to} ${labelOf(statement.children)}`);
        }
      }
      const written = (lines: readonly string[]) => lines.map((line) => visibleLine(line)).join("\n");
      expect([...labels]).toEqual(
        graph.nodes.map(({ id, title, lines }) => [id, written([...title, ...lines])]),
      );
      expect(edges).toEqual(graph.edges.map(({ from, to, label }) => `${from} ${to} ${written(label)}`));
    }),
    { numRuns: 200 },
  );
});

type Attribute = {
  readonly type: string;
  readonly key: { readonly value: string };
  readonly value: { readonly value: string };
};
type Whole = { readonly type: string; readonly children?: readonly { readonly type: string }[] };
type Id = { readonly id: { readonly value: string } };

function isNode(statement: {
  type: string;
}): statement is Id & { type: "Node"; children: readonly Attribute[] } {
  return statement.type === "Node";
}

function isEdge(statement: {
  type: string;
}): statement is { type: "Edge"; targets: readonly Id[]; children: readonly Attribute[] } {
  return statement.type === "Edge";
}

/** As Graphviz reads it: escapes, then entities. */
function labelOf(attributes: readonly Attribute[]): string {
  const label =
    attributes.find(({ type, key }) => type === "Attribute" && key.value === "label")?.value.value ?? "";
  return label
    .replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character))
    .replaceAll("&amp;", "&");
}
