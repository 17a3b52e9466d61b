/** A simulation as a picture: answers over time, stacked, and when breakers were open. */
import type { Simulation } from "../../core/simulate/simulation.ts";
import { plural } from "../count.ts";
import { visibleLine } from "../visible.ts";
import { answerColor, errorColor } from "./colors.ts";
import { fitText, textWidth } from "./fit.ts";
import { chartOf, shortTime } from "./gateway-run.ts";
import type { ChartSeries, GatewayRun } from "./gateway-run.ts";

const width = 960;
const left = 56;
const right = 16;
const plotHeight = 220;
/** A line for the name, and the bands below it. */
const laneHeight = 28;
const bandTop = 15;
const bandHeight = 9;
const plotWidth = width - left - right;
const fontSize = 12;
const titleSize = 15;
const laneSize = 11;

type Piece = { readonly svg: string; readonly height: number };

/** One chart below the other. */
export function formatSimulationSvg(runs: readonly GatewayRun[]): string {
  let top = 0;
  const parts = runs.map((run) => {
    const { svg, height } = drawRun(run);
    const placed = `<g transform="translate(0 ${top})">\n${svg}\n</g>`;
    top += height;
    return placed;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" font-family="system-ui, sans-serif" font-size="${fontSize}">`,
    `<rect width="${width}" height="${top}" fill="#ffffff"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

function drawRun({ name, simulation }: GatewayRun): Piece {
  const chart = chartOf(simulation, 180);
  const colored = colorSeries(chart.series);
  const length = Math.max(1, ...chart.series.map(({ values }) => values.length));
  const total = length * chart.secondsPerBin * 1000;
  const what = `: ${plural(simulation.statistics.requests, "request")} in ${shortTime(simulation.milliseconds)}`;
  const title = fitText(visibleLine(name), plotWidth - textWidth(what, titleSize), titleSize) + what;
  const legend = drawLegend(colored, 34);
  const plotTop = 34 + legend.height + 8;
  const lanes = drawTrips(simulation, total, plotTop + plotHeight + 28);
  return {
    svg: [
      text(left, 22, title, `font-size="${titleSize}" font-weight="600"`),
      legend.svg,
      drawBars(colored, length, plotTop),
      drawAxis(total, plotTop + plotHeight),
      lanes.svg,
    ].join("\n"),
    height: plotTop + plotHeight + 28 + lanes.height + 16,
  };
}

type Colored = ChartSeries & { readonly color: string };

function colorSeries(series: readonly ChartSeries[]): Colored[] {
  let answers = 0;
  let errors = 0;
  return series.map((each) => ({
    ...each,
    color: each.kind === "answer" ? answerColor(answers++) : errorColor(errors++),
  }));
}

function drawLegend(series: readonly Colored[], top: number): Piece {
  let x = left;
  let y = top + 12;
  const parts = series.map(({ name, color, values }) => {
    const count = ` ${values.reduce((sum, value) => sum + value, 0)}`;
    const room = plotWidth - 18 - textWidth(count, fontSize);
    const label = fitText(visibleLine(name), room, fontSize) + count;
    const needed = Math.ceil(18 + textWidth(label, fontSize) + 16);
    if (x + needed > width - right && x > left) {
      x = left;
      y += 18;
    }
    const part = `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${color}"/>${text(x + 18, y, label)}`;
    x += needed;
    return part;
  });
  return { svg: parts.join("\n"), height: y + 6 - top };
}

function drawBars(series: readonly Colored[], length: number, top: number): string {
  const sums = Array.from({ length }, (_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const most = Math.max(1, ...sums);
  const step = plotWidth / length;
  const bottoms = Array<number>(length).fill(top + plotHeight);
  const bars = series.flatMap(({ values, color }) =>
    values.flatMap((value, index) => {
      if (value === 0) return [];
      const height = (value / most) * plotHeight;
      const y = (bottoms[index] ?? 0) - height;
      bottoms[index] = y;
      const x = left + index * step;
      return [
        `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0.5, step - 0.5))}" height="${round(height)}" fill="${color}"/>`,
      ];
    }),
  );
  return [
    `<line x1="${left}" y1="${top}" x2="${width - right}" y2="${top}" stroke="#dddddd"/>`,
    text(left - 6, top + 4, String(most), 'text-anchor="end" fill="#555555"'),
    text(left - 6, top + plotHeight, "0", 'text-anchor="end" fill="#555555"'),
    ...bars,
  ].join("\n");
}

function drawAxis(total: number, y: number): string {
  const step = tickStep(total);
  const times = Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
  const ticks = times.map((time) => {
    const share = time / total;
    const anchor = share === 0 ? "start" : share > 0.97 ? "end" : "middle";
    const label = time === 0 ? "0" : shortTime(time);
    return text(round(left + share * plotWidth), y + 16, label, `text-anchor="${anchor}" fill="#555555"`);
  });
  return [`<line x1="${left}" y1="${y}" x2="${width - right}" y2="${y}" stroke="#555555"/>`, ...ticks].join(
    "\n",
  );
}

/** Times that people think in, in seconds. */
const roundSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200];

/** Milliseconds between ticks: the shortest round time of which at most eight fit. */
function tickStep(total: number): number {
  const seconds = total / 1000;
  const fine = roundSeconds.find((each) => seconds / each <= 8);
  if (seconds < 2) return Math.max(1, total / 4);
  return 1000 * (fine ?? 86_400 * Math.ceil(seconds / 86_400 / 8));
}

/** A lane for each backend whose breaker opened: its name, and below it when that was. */
function drawTrips({ trips }: Simulation, total: number, top: number): Piece {
  const backends = [...new Set(trips.map(({ backend }) => backend))];
  if (backends.length === 0) return { svg: "", height: 0 };
  const lanes = backends.map((backend, lane) => {
    const y = top + lane * laneHeight;
    const bands = trips
      .filter((trip) => trip.backend === backend)
      .map(({ at, until, why }) => {
        const from = left + Math.min(1, at / total) * plotWidth;
        const to = left + Math.min(1, until / total) * plotWidth;
        const title = `${backend} open from ${shortTime(at)} to ${shortTime(until)}: ${why}`;
        return `<rect x="${round(from)}" y="${y + bandTop}" width="${round(Math.max(1, to - from))}" height="${bandHeight}" fill="#d55e00" fill-opacity="0.35"><title>${escapeXml(visibleLine(title))}</title></rect>`;
      });
    const name = fitText(visibleLine(backend), plotWidth - textWidth(" open", laneSize), laneSize);
    const label = text(left, y + 11, `${name} open`, `fill="#333333" font-size="${laneSize}"`);
    return [label, ...bands].join("\n");
  });
  return { svg: lanes.join("\n"), height: backends.length * laneHeight };
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${round(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeXml(content: string): string {
  return content.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
