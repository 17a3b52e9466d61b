/** A simulation as one page that needs nothing else: the picture, the table, and a timeline to look into. */
import type { Json, JsonObject } from "../../core/json.ts";
import type { GatewayRun } from "./gateway-run.ts";
import { backendTable } from "./backend-table.ts";
import type { StatisticsTable } from "./backend-table.ts";
import { callerTable } from "./caller-table.ts";
import { answerColor } from "./colors.ts";
import { entryJson } from "./json.ts";
import { pageScript, pageStyle } from "./page.ts";
import { escapeXml, formatSimulationSvg } from "./svg.ts";
import { visibleLine } from "../visible.ts";
import { idleBackends, shownBackends } from "./shown-backends.ts";

/** The timelines of all runs below each other. */
export function formatSimulationHtml(runs: readonly GatewayRun[]): string {
  const title = `apimgw simulate: ${runs.map(({ name }) => visibleLine(name)).join(" and ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${formatSimulationSvg(runs)}
${runs.map(formatRun).join("\n")}
<script>${pageScript}</script>
</body>
</html>`;
}

function formatRun(run: GatewayRun, index: number): string {
  const { simulation } = run;
  const { timeline } = simulation;
  const isCut = timeline.length < simulation.statistics.requests;
  const cut = isCut ? `<p>The timeline has the first ${timeline.length} requests.</p>` : "";
  return `<section>
<h2>${escapeXml(visibleLine(run.name))}</h2>
${formatTable(run)}
${cut}
<div class="timeline" data-run="run-${index}">
<div class="controls"><button type="button" data-zoom="2">zoom in</button> <button type="button" data-zoom="0.5">zoom out</button> <button type="button" data-zoom="0">all</button>
<label>from <input type="range" min="0" max="1000" value="0"></label>
<label>show <select><option value="all">all requests</option><option value="error">errors only</option><option value="retried">more than one attempt</option></select></label>
<span class="span"></span></div>
<div class="plot"></div>
<div class="detail" role="status">Point at a request to see who answered it, after which attempts, and why each backend was chosen.</div>
</div>
<script type="application/json" id="run-${index}">${scriptJson(runData(run))}</script>
</section>`;
}

function runData({ simulation }: GatewayRun): JsonObject {
  const { statistics, timeline, trips, milliseconds } = simulation;
  const backends: Json[] = shownBackends(statistics).map(({ backend }, index) => ({
    id: backend,
    color: answerColor(index),
  }));
  return {
    seconds: milliseconds / 1000,
    backends,
    trips: trips.map(({ backend, at, until, why }) => ({ backend, t: at / 1000, until: until / 1000, why })),
    timeline: timeline.map(entryJson),
  };
}

/** JSON that cannot end the script that it stands in. */
function scriptJson(value: JsonObject): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function formatTable({ simulation }: GatewayRun): string {
  const { statistics } = simulation;
  const callers = callerTable(statistics);
  const idle = idleBackends(statistics);
  return [
    htmlTable(backendTable(statistics)),
    ...(idle === undefined ? [] : [`<p>${escapeXml(idle)}</p>`]),
    ...(callers === undefined ? [] : [htmlTable(callers)]),
  ].join("\n");
}

function htmlTable({ head, rows }: StatisticsTable): string {
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${cells(head, "th")}${rows.map((row) => cells(row, "td")).join("")}</table>`;
}
