import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { formatGraphSvg } from "../../../src/report/graph/svg.ts";
import { textWidth, wrapText } from "../../../src/report/graph/text-width.ts";
import "../../support/seed.ts";
import { graphs, hardText } from "./graph-arbitrary.ts";

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Text = Box & { readonly content: string };
type Picture = { readonly whole: Box; readonly boxes: readonly Box[]; readonly texts: readonly Text[] };

const sizes: Readonly<Record<string, number>> = { title: 13, line: 11.5, label: 11, head: 11 };

/** The boxes of nodes and labels, and where their texts stand; fails for what is no XML. */
function readSvg(svg: string): Picture {
  const parser = new SaxesParser();
  const found: { whole: Box; boxes: Box[]; texts: Text[] } = {
    whole: { x: 0, y: 0, width: 0, height: 0 },
    boxes: [],
    texts: [],
  };
  let open: Record<string, string> | undefined;
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const of = (key: string) => Number(attributes[key] ?? 0);
    const box = { x: of("x"), y: of("y"), width: of("width"), height: of("height") };
    if (name === "svg") found.whole = box;
    if (name === "rect" && ["box", "under"].includes(attributes["class"] ?? "")) found.boxes.push(box);
    open = name === "text" ? attributes : undefined;
  });
  parser.on("closetag", () => {
    open = undefined;
  });
  parser.on("text", (content) => {
    if (open === undefined) return;
    const style = open["class"] ?? "";
    const size = sizes[style] ?? Number.NaN;
    const width = textWidth(content, size, style === "title" || style === "head");
    const x = Number(open["x"]) - (open["text-anchor"] === "middle" ? width / 2 : 0);
    found.texts.push({ content, x, y: Number(open["y"]) - size, width, height: size });
  });
  parser.write(svg).close();
  return found;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function holds(outer: Box, inner: Box): boolean {
  const slack = 0.02;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

describe("the picture", () => {
  it("is XML in which no box lies on another and every text in its own", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { whole, boxes, texts } = readSvg(formatGraphSvg(graph));
        for (const [index, box] of boxes.entries()) {
          expect(holds(whole, box)).toBe(true);
          for (const other of boxes.slice(index + 1))
            expect(overlap(box, other), JSON.stringify([box, other])).toBe(false);
        }
        const heads = texts.filter(({ y }) => y < 40);
        for (const [index, head] of heads.entries()) {
          for (const other of heads.slice(index + 1)) expect(overlap(head, other)).toBe(false);
        }
        for (const text of texts) {
          const isInside = boxes.some((box) => holds(box, text)) || text.y < 40;
          expect(isInside, JSON.stringify(text)).toBe(true);
          expect(holds(whole, text)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is the same for the same graph", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(formatGraphSvg(structuredClone(graph))).toBe(formatGraphSvg(graph));
      }),
      { numRuns: 20 },
    );
  });

  it("asks for nothing from elsewhere, and has colours for light and dark", () => {
    const node = { id: "api_a", kind: "api", name: "a", title: ["a"], lines: ["b"] } as const;
    const svg = formatGraphSvg({ name: "n", service: "s", environment: "prod", nodes: [node], edges: [] });
    expect(svg).not.toMatch(/<script|href|url\((?!#)|@import|@font-face/);
    expect(svg).toContain("@media (prefers-color-scheme:dark)");
    expect(svg).toContain("<title>n on s (prod)</title>");
  });
});

describe("wrapping", () => {
  it("keeps every character but spaces at line ends, and the width", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 20, max: 300 }), (text, most) => {
        const lines = wrapText(text, 12, most);
        expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        for (const line of lines) {
          const isOne = Array.from(line).length <= 1;
          expect(isOne || textWidth(line, 12) <= most).toBe(true);
        }
      }),
    );
  });

  it.each([
    ["up to 3 retries on 429", ["up to 3 retries", "on 429"]],
    ["contoso-swc.openai.azure.com/openai", ["contoso-swc.", "openai.azure.", "com/openai"]],
    ["xxxxxxxxxxxxxxxxxxxx", ["xxxxxxxxxxxxx", "xxxxxxx"]],
  ])("breaks %s", (text, lines) => {
    expect(wrapText(text, 12, 95)).toEqual(lines);
  });
});
