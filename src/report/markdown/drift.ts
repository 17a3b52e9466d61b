import type { DriftedResource, DriftReport } from "../../core/plan/drift.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import { causes } from "../human/drift.ts";
import { visible } from "../visible.ts";
import { codeSpan, fence } from "./markdown-text.ts";

/** GitHub refuses comments of more than 65,536 characters. */
const roomForDetails = 55_000;

/** What others have changed, as a comment or the summary of a run: every resource, its diff folded. */
export function formatDriftMarkdown(report: DriftReport): string {
  const heading = `### apimgw drift: ${codeSpan(report.name)} → ${codeSpan(report.service.name)}`;
  const missing = report.missing.map(({ kind, id }) => `- ${kinds[kind].title} ${codeSpan(id)}`).join("\n");
  return `${[
    heading,
    ...(report.drift.length === 0
      ? ["No drift: what carries this spec's mark is as it was applied."]
      : formatAll(report.drift)),
    ...(missing === "" ? [] : [`**Not on the service, new in the spec or deleted there**\n\n${missing}`]),
  ].join("\n\n")}\n`;
}

function formatAll(resources: readonly DriftedResource[]): string[] {
  let room = roomForDetails;
  return resources.map((resource) => {
    const head = `${kinds[resource.kind].title} ${codeSpan(resource.id)}: ${causes[resource.by]}`;
    if (resource.diff === "") return `- ${head}; it has left the spec`;
    const block = `- ${head}\n\n${fence(visible(resource.diff))}`;
    if (block.length > room) return `- ${head} (too long for this comment: see \`apimgw plan --drift\`)`;
    room -= block.length;
    return block;
  });
}
