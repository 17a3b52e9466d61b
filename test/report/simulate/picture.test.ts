import { createContext, runInContext } from "node:vm";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { pageScript } from "../../../src/report/simulate/page.ts";
import { formatSimulationHtml } from "../../../src/report/simulate/html.ts";
import { formatSimulationSvg } from "../../../src/report/simulate/svg.ts";
import { fitText } from "../../../src/report/simulate/fit.ts";
import { backendLines, poolGateway, runScenario } from "../../core/simulate/run-scenario.ts";

/** A drawn thing: an element with its attributes and what is written in it. */
type Drawn = { readonly name: string; readonly attributes: Record<string, string>; readonly content: string };

type Box = {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
};

/** Text takes at most this share of its size per letter, and rises and falls by these. */
const [letter, rise, fall] = [0.58, 0.74, 0.22];

function boxOf({ name, attributes, content }: Drawn): Box[] {
  const number = (key: string, fallback = 0): number => Number(attributes[key] ?? fallback);
  if (name === "text") {
    const size = number("font-size", 12);
    const width = content.length * letter * size;
    const anchor = attributes["text-anchor"];
    const from = number("x") - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    return [
      {
        what: content,
        from,
        to: from + width,
        top: number("y") - rise * size,
        bottom: number("y") + fall * size,
      },
    ];
  }
  // The ground of the picture, and of every second lane.
  if (name !== "rect" || ["#ffffff", "#f7f7f7"].includes(attributes["fill"] ?? "")) return [];
  const [x, y] = [number("x"), number("y")];
  return [{ what: "a mark", from: x, to: x + number("width"), top: y, bottom: y + number("height") }];
}

/** Texts that lie on something else, or outside of the picture. */
function clashes(drawn: readonly Drawn[], width: number): string[] {
  const boxes = drawn.flatMap(boxOf);
  const texts = boxes.filter(({ what }) => what !== "a mark");
  expect(texts.length).toBeGreaterThan(5);
  const meet = (a: Box, b: Box): boolean =>
    a !== b && a.from < b.to && b.from < a.to && a.top < b.bottom && b.top < a.bottom;
  return texts.flatMap((text) => {
    const on = boxes.filter((box) => meet(text, box)).map(({ what }) => `${text.what} on ${what}`);
    return text.from < 0 || text.to > width ? [...on, `${text.what} leaves the picture`] : on;
  });
}

function readSvg(svg: string): Drawn[] {
  const drawn: Drawn[] = [];
  const open: { name: string; attributes: Record<string, string>; content: string }[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => open.push({ name, attributes, content: "" }));
  parser.on("text", (text) => {
    const last = open.at(-1);
    if (last !== undefined) last.content += text;
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (element !== undefined) drawn.push(element);
  });
  parser.write(svg).close();
  return drawn;
}

/** What the page's script draws at first, with as much of a browser as it asks for. */
function runPage(html: string): Drawn[] {
  const data = /<script type="application\/json" id="run-0">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
  const drawn: Drawn[] = [];
  const element = (name = "") => ({
    name,
    attributes: {} as Record<string, string>,
    content: "",
    value: name === "select" ? "all" : "0",
    dataset: { run: "run-0" },
    setAttribute(key: string, value: unknown) {
      this.attributes[key] = String(value);
    },
    set textContent(text: string) {
      this.content = text;
    },
    get textContent() {
      return data;
    },
    appendChild: (child: Drawn) => void drawn.push(child),
    addEventListener: () => undefined,
    replaceChildren: () => undefined,
    querySelector: (which: string) => element(which),
    querySelectorAll: () => [],
  });
  const document = {
    createElementNS: (_: string, name: string) => element(name),
    getElementById: () => element(),
    querySelectorAll: () => [element()],
  };
  runInContext(pageScript, createContext({ document }));
  return drawn;
}

const names = Array.from(
  { length: 12 },
  (_, index) => `aoai-contoso-production-swedencentral-standard-${"x".repeat(index % 5)}-${index + 1}`,
);

/** Every backend opens its breaker, and answers once in a while. */
function run(backends: readonly string[]) {
  const breaker = "count: 1, interval: 1m, tripDuration: 20s, statusCodes: [429]";
  const members = backends.map((backend) => `{ backend: ${backend} }`).join(", ");
  const accounts = backends.map((id) => `  ${id}: { requestLimit: { count: 2, window: 30s } }`).join("\n");
  const simulation = runScenario(
    poolGateway(backendLines(backends, breaker), members),
    `clients: [{ count: 3, pause: 500ms }]\nduration: 2m\naccounts:\n${accounts}\n`,
  );
  expect(new Set(simulation.trips.map(({ backend }) => backend)).size).toBe(backends.length);
  return simulation;
}

describe("the pictures of a simulation", () => {
  it.each([
    { name: "two backends", backends: ["aoai-eastus", "aoai-swedencentral"], file: "gateway.yaml" },
    {
      name: "twelve with long names",
      backends: names,
      file: `infrastructure/${"environments/".repeat(9)}gateway.yaml`,
    },
  ])("write nothing over something else: $name", ({ backends, file }) => {
    const runs = [{ name: file, simulation: run(backends) }];
    expect(clashes(readSvg(formatSimulationSvg(runs)), 960)).toEqual([]);
    expect(clashes(runPage(formatSimulationHtml(runs)), 960)).toEqual([]);
  });

  it("tell twelve backends apart by colour, and by the ends of their names", () => {
    const runs = [{ name: "g", simulation: run(names) }];
    const drawn = readSvg(formatSimulationSvg(runs));
    const legend = drawn.filter(({ attributes }) => attributes["width"] === "12").slice(0, 12);
    expect(new Set(legend.map(({ attributes }) => attributes["fill"])).size).toBe(12);
    const labels = runPage(formatSimulationHtml(runs)).filter(({ attributes }) => attributes["x"] === "8");
    expect(new Set(labels.map(({ content }) => content)).size).toBe(13);
  });
});

describe("a text that has to fit", () => {
  it.each([
    ["short", 100, "short"],
    ["aoai-swedencentral-1", 60, "aoai-…al-1"],
    ["anything", 1, "…"],
  ])("%s in %d pixels is %s", (text, pixels, expected) => {
    expect(fitText(text, pixels, 10)).toBe(expected);
  });
});
