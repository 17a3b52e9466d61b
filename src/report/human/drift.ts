import type { DriftedResource, DriftReport } from "../../core/plan/drift.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import { plural } from "../count.ts";
import { causes } from "../drift-cause.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";
import { indent } from "./problem.ts";

/** What others have changed, for people: each with its diff from the spec to what is there. */
export function formatDrift(
  report: DriftReport,
  style: ReportStyle & { readonly serviceTitle: string },
): string {
  const { bold, green, dim } = palette(style);
  const title = bold(visibleLine(`${report.name} → ${style.serviceTitle}`));
  const missing = formatMissing(report);
  if (report.drift.length === 0) {
    const none = green("No drift: what carries this spec's mark is as it was applied.");
    return [title, none, ...missing].join("\n\n");
  }
  const blocks = report.drift.map((resource) => formatDrifted(resource, style));
  const next = dim("`apimgw plan` shows how the spec would put it back.");
  const count = bold(`Drift: ${plural(report.drift.length, "resource")}.`);
  return [title, ...blocks, ...missing, `${count} ${next}`].join("\n\n");
}

function formatDrifted({ kind, id, by, diff, origin }: DriftedResource, style: ReportStyle): string {
  const { bold, dim, yellow } = palette(style);
  const place = origin === null ? "" : `  ${dim(visibleLine(`${origin.file}:${origin.line}`))}`;
  const head = `  ${yellow("~")} ${kinds[kind].title} ${bold(visibleLine(id))}: ${causes[by]}${place}`;
  const lines = diff === "" ? ["it has left the spec"] : visible(diff).split("\n");
  return [head, ...lines.map((line) => indent(indent(indent(paint(line, style)))))].join("\n");
}

function paint(line: string, style: ReportStyle): string {
  const { green, red, yellow, cyan } = palette(style);
  if (line.startsWith("@@")) return cyan(line);
  const color = { "+": green, "-": red, "~": yellow }[line.charAt(0)];
  return color === undefined ? line : color(line);
}

function formatMissing({ missing }: DriftReport): string[] {
  if (missing.length === 0) return [];
  const names = missing.map(({ kind, id }) => `  ${kinds[kind].title} ${visibleLine(id)}`);
  return [["Not on the service, new in the spec or deleted there:", ...names].join("\n")];
}
