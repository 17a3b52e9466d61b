import type { Change, PlanNote } from "../core/plan/plan.ts";
import { kinds } from "../core/model/kinds/index.ts";
import { serviceRef } from "../core/ports.ts";
import type { ServiceRef } from "../core/ports.ts";
import { palette, type ReportStyle } from "./style.ts";
import { quoted, visibleLine } from "./visible.ts";

type PulledInfo = {
  readonly name: string;
  readonly service: ServiceRef;
  readonly notes: readonly PlanNote[];
  readonly remaining: readonly Change[];
};

export type PulledStyle = ReportStyle & {
  readonly serviceTitle: string;
  /** Folder of the local APIM that was pulled from. */
  readonly local: string | undefined;
};

/** What `pull` wrote, what it has to say about it, and where to go from there. */
export function formatPulled(
  { name, notes, remaining }: PulledInfo,
  written: readonly string[],
  style: PulledStyle,
): string {
  const { bold, yellow } = palette(style);
  const { serviceTitle, local } = style;
  const parts = [
    [
      bold(visibleLine(`${serviceTitle} → ${name}`)),
      "",
      "Written:",
      ...written.map((path) => `  ${visibleLine(path)}`),
    ],
    notes.length === 0 ? [] : ["Notes:", ...notes.map(formatNote)],
    remaining.length === 0
      ? []
      : [
          yellow(
            "Planning shows these changes, since what they are about could not be written into the spec:",
          ),
          ...remaining.map(({ action, kind, id }) => `  ${action} ${kinds[kind].title} ${visibleLine(id)}`),
        ],
    nextSteps(written[0] ?? "gateway.yaml", local),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function formatNote({ kind, id, note }: PlanNote): string {
  return `  ${kinds[kind].title} ${visibleLine(id)}: ${visibleLine(note)}`;
}

function nextSteps(spec: string, local: string | undefined): string[] {
  const file = spec === "gateway.yaml" ? "" : ` -f ${quoted(spec)}`;
  const target = local === undefined ? "" : ` --local ${quoted(local)}`;
  return ["Next:", `  apimgw lint${file}`, `  apimgw plan${file}${target}`];
}

export function formatPulledJson(
  { name, service, notes, remaining }: PulledInfo,
  written: readonly string[],
): string {
  const value = {
    formatVersion: 1,
    service: serviceRef(service),
    name,
    written,
    notes: notes.map(({ kind, id, path, note }) => ({ kind, id, path, note })),
    remaining: remaining.map(({ action, kind, id, path }) => ({ action, kind, id, path })),
  };
  return JSON.stringify(value, null, 2);
}
