import { kinds } from "../../core/model/kinds/index.ts";
import type { Action, Change, Plan } from "../../core/plan/plan.ts";
import { changeLines, type ChangeLine } from "../change-lines.ts";
import { formatUnmarked, plural } from "../count.ts";
import { visibleLine } from "../visible.ts";
import { codeSpan, escapeHtml, escapeText, fence } from "./markdown-text.ts";

/** GitHub refuses comments of more than 65,536 characters; Azure DevOps allows 150,000. */
const roomForDetails = 55_000;

const symbols: Record<Action, string> = { create: "+", update: "~", adopt: "!", delete: "-" };

/** A plan as a comment on a pull request: a table that counts, then every change, folded, as a diff. */
export function formatPlanMarkdown(plan: Plan): string {
  const heading = `### apimgw plan: ${codeSpan(plan.name)} → ${codeSpan(plan.service.name)}`;
  const notes = plan.notes.map(
    ({ kind, id, note }) => `- ${kinds[kind].title} ${codeSpan(id)}: ${escapeText(note)}`,
  );
  const body =
    plan.changes.length === 0
      ? [
          `No changes. The service matches the spec (${plural(plan.unchanged, "resource")}${formatUnmarked(plan)}).`,
        ]
      : [formatCountTable(plan), ...formatChanges(plan.changes)];
  return `${[heading, ...body, ...(notes.length === 0 ? [] : [`**Notes**\n\n${notes.join("\n")}`])].join("\n\n")}\n`;
}

function formatCountTable({ summary, unchanged }: Plan): string {
  return [
    "| + create | ~ update | ! adopt | - delete | unchanged |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${summary.create} | ${summary.update} | ${summary.adopt} | ${summary.delete} | ${unchanged} |`,
  ].join("\n");
}

/** Deletes first: they are what a reviewer must not miss. */
function formatChanges(changes: readonly Change[]): string[] {
  const deletes = changes.filter(({ action }) => action === "delete");
  const others = changes.filter(({ action }) => action !== "delete");
  let room = roomForDetails;
  return [...deletes, ...others].map((change) => {
    const block = formatChange(change);
    if (block.length <= room) {
      room -= block.length;
      return block;
    }
    return `- ${formatHead(change)} (too long for this comment: see \`apimgw plan\`)`;
  });
}

function formatChange(change: Change): string {
  const lines = changeLines(change, { full: change.kind === "policy" || change.kind === "fragment" });
  const notes = change.notes.map((note) => `- ${escapeText(note)}`).join("\n");
  const parts = [
    ...(lines.length === 0 ? [] : [fence(lines.flatMap(diffLine).join("\n"))]),
    ...(notes === "" ? [] : [notes]),
  ];
  if (parts.length === 0) return `- ${formatHead(change)}`;
  return `<details><summary>${formatSummary(change)}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

function formatHead(change: Change): string {
  return `${codeSpan(symbols[change.action])} ${change.action} ${kinds[change.kind].title} ${codeSpan(change.id)}${formatPlace(change, codeSpan)}`;
}

/** Markdown does not work inside a summary: HTML does. */
function formatSummary(change: Change): string {
  const code = (text: string): string => `<code>${escapeHtml(visibleLine(text))}</code>`;
  return `${code(symbols[change.action])} ${change.action} ${kinds[change.kind].title} ${code(change.id)}${formatPlace(change, code)}`;
}

function formatPlace({ origin }: Change, code: (text: string) => string): string {
  return origin === null ? "" : ` at ${code(`${origin.file}:${origin.line}`)}`;
}

function diffLine({ sign, text }: ChangeLine): string {
  // A changed property is neither added nor removed; `!` is the sign that GitHub colours for it.
  return sign === "@" ? text : `${sign === "~" ? "!" : sign} ${text}`.trimEnd();
}
