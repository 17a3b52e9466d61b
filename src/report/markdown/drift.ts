import { serviceName } from "../../core/ports.ts";
import type { DriftedResource, DriftReport } from "../../core/plan/drift.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import { causes } from "../drift-cause.ts";
import { visible } from "../visible.ts";
import { codeSpan, fence } from "./escape.ts";
import { fitLines, size } from "./room.ts";

/** What a comment on GitHub takes, in bytes; a part of it for the list of what is missing. */
const room = 65_000;
const roomForMissing = 10_000;

/** What others have changed, as a comment or the summary of a run: every resource with its diff. */
export function formatDriftMarkdown(report: DriftReport): string {
  const heading = `### apimgw drift: ${codeSpan(report.name)} → ${codeSpan(serviceName(report.service))}`;
  const names = report.missing.map(({ kind, id }) => `- ${kinds[kind].title} ${codeSpan(id)}`);
  const listed = fitLines(names, roomForMissing, (left) => `- … and ${left} more`).join("\n");
  const missing =
    names.length === 0 ? [] : [`**Not on the service, new in the spec or deleted there**\n\n${listed}`];
  const drift =
    report.drift.length === 0
      ? ["No drift: what carries this spec's mark is as it was applied."]
      : formatAll(report.drift, room - size([heading, ...missing].join("\n\n")));
  return `${[heading, ...drift, ...missing].join("\n\n")}\n`;
}

function formatAll(resources: readonly DriftedResource[], most: number): string[] {
  const heads = resources.map(({ kind, id, by }) => `- ${kinds[kind].title} ${codeSpan(id)}: ${causes[by]}`);
  const tooLong = " (too long for this comment: see `apimgw plan --drift`)";
  let left = most - heads.reduce((sum, head) => sum + size(head) + size(tooLong) + 2, 0);
  if (left < 0) return [fitLines(heads, most, (rest) => `- … and ${rest} more`).join("\n")];
  return resources.map(({ diff }, index) => {
    const head = heads[index] ?? "";
    if (diff === "") return `${head}; it has left the spec`;
    const text = `\n\n${fence(visible(diff), "diff")}`;
    if (size(text) > left) return `${head}${tooLong}`;
    left -= size(text);
    return `${head}${text}`;
  });
}
