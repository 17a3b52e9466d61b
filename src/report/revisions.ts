/** The revisions of an API, and what releasing one did. */
import type { Revisions } from "../core/plan/revision-list.ts";
import { palette, type ReportStyle } from "./style.ts";
import { visibleLine } from "./visible.ts";

export function formatRevisions({ api, revisions }: Revisions, style: ReportStyle): string {
  const { bold, dim } = palette(style);
  const lines = revisions.map(({ number, isCurrent, description, released }) => {
    const state = isCurrent ? "current" : released === null ? "" : "released before";
    const when = released === null ? "" : released.at;
    const said = [description, released?.notes ?? ""].filter((part) => part !== "").join("; ");
    const text = `${String(number).padStart(4)}  ${state.padEnd(15)}  ${when.padEnd(24)}  ${dim(visibleLine(said))}`;
    return isCurrent ? bold(text) : text;
  });
  return [`Revisions of API ${visibleLine(api)}:`, ...lines.map((line) => line.trimEnd())].join("\n");
}

export function formatRevisionsJson({ api, revisions }: Revisions): string {
  return JSON.stringify({ formatVersion: 1, api, revisions }, null, 2);
}

/** What became current, and what was so before. */
export type Released = {
  readonly api: string;
  readonly revision: number;
  readonly before: number;
  /** Id of the release on the service. */
  readonly release: string;
};

export function formatReleased({ api, revision, before }: Released): string {
  return [
    `Calls to API ${visibleLine(api)} get revision ${revision} now; before, they got revision ${before}.`,
    `Back again: apimgw rollback ${visibleLine(api)} --revision ${before}`,
  ].join("\n");
}

export function formatReleasedJson(released: Released): string {
  return JSON.stringify({ formatVersion: 1, ...released }, null, 2);
}
