import { serviceName } from "../../core/ports.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import type { Action, Change, Plan } from "../../core/plan/plan.ts";
import { planRisks } from "../../core/plan/risks.ts";
import type { Risk } from "../../core/plan/risks.ts";
import { causes } from "../drift-cause.ts";
import { changeLines, type ChangeLine } from "../change-lines.ts";
import { formatUnmarked, plural } from "../count.ts";
import { codeSpan, escapeText, fence, htmlCode } from "./escape.ts";
import { cutText, fitLines, size } from "./room.ts";

/**
 * GitHub refuses comments of more than 65,536 characters; Azure DevOps allows 150,000. Counted here in bytes of UTF-8, which are
 * never fewer than characters in any other count.
 */
const wholeRoom = 65_000;
/** What the lists may take of it, so that something is left for what changes. */
const shareOfRisks = 0.3;
const shareOfNotes = 0.12;
/** Of one change, when not all fit; the others must have a chance. */
const roomForChange = 16_000;
const longestLine = 2_000;

const symbols: Record<Action, string> = { create: "+", update: "~", adopt: "!", delete: "-" };

export type MarkdownStyle = {
  readonly environment?: string | undefined;
  /** Bytes that it may take. */
  readonly room?: number;
};

/** The plans of several environments in one comment, each with its share of the room. */
export function formatFleetPlanMarkdown(
  plans: readonly { readonly environment: string; readonly plan: Plan }[],
): string {
  const room = Math.floor(wholeRoom / Math.max(1, plans.length)) - 1;
  return plans.map(({ environment, plan }) => formatPlanMarkdown(plan, { environment, room })).join("\n");
}

/**
 * A plan as a comment on a pull request: a table that counts, what must not be missed, then every change, folded, as a diff.
 * Always fits into a comment: what is too long is cut, then only named, then only counted, and a sentence says so.
 */
export function formatPlanMarkdown(
  plan: Plan,
  { environment, room = wholeRoom }: MarkdownStyle = {},
): string {
  const of = environment === undefined ? "" : `${codeSpan(environment)} `;
  const heading = `### apimgw plan: ${of}${codeSpan(plan.name)} → ${codeSpan(serviceName(plan.service))}`;
  const counts = plan.changes.length === 0 ? formatNoChanges(plan) : formatCountTable(plan);
  const found = planRisks(plan);
  const risks = formatRisks(found, room * shareOfRisks);
  const notes = formatNotes(plan, room * shareOfNotes);
  const leftOut = formatLeftOut(plan, room * shareOfNotes);
  const fixed = [heading, counts, ...risks.blocks, ...notes.blocks, ...leftOut.blocks, cutNote];
  const changes = formatChanges(plan, found, room - totalSize(fixed));
  const isCut = [risks, notes, leftOut, changes].some((part) => part.isCut);
  const blocks = [
    heading,
    counts,
    ...risks.blocks,
    ...changes.blocks,
    ...notes.blocks,
    ...leftOut.blocks,
    ...(isCut ? [cutNote] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const cutNote =
  "> This comment is cut to what fits into one. `apimgw plan --verbose` shows everything, and so does `--format json`.";

/** Parts of the comment, and whether something had to be left out of them. */
type Shown = { readonly blocks: readonly string[]; readonly isCut: boolean };

function formatList(
  title: string,
  lines: readonly string[],
  most: { readonly room: number; readonly noun: string },
): Shown {
  if (lines.length === 0) return { blocks: [], isCut: false };
  const kept = fitLines(lines, most.room, (left) => more(left, most.noun));
  return { blocks: [`**${title}**\n\n${kept.join("\n")}`], isCut: kept !== lines };
}

function more(count: number, noun: string): string {
  return `- … and ${plural(count, noun)} more`;
}

function formatNoChanges(plan: Plan): string {
  if (plan.leftOut.length > 0) return "No changes among what was selected.";
  return `No changes. The service matches the spec (${plural(plan.unchanged, "resource")}${formatUnmarked(plan)}).`;
}

function formatCountTable({ summary, unchanged }: Plan): string {
  return [
    "| + create | ~ update | ! adopt | - delete | unchanged |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${summary.create} | ${summary.update} | ${summary.adopt} | ${summary.delete} | ${unchanged} |`,
  ].join("\n");
}

type Risks = ReturnType<typeof planRisks>;

function formatRisks(found: Risks, most: number): Shown {
  const lines = [...found].flatMap(([change, risks]) =>
    risks.map((risk) => `- ${formatHead(change)}: ${escapeText(cutText(risk.message, longestLine))}`),
  );
  return formatList(`Look twice (${lines.length})`, lines, { room: most, noun: "risk" });
}

function formatNotes(plan: Plan, most: number): Shown {
  const lines = plan.notes.map(
    ({ kind, id, note }) =>
      `- ${kinds[kind].title} ${codeSpan(id)}: ${escapeText(cutText(note, longestLine))}`,
  );
  return formatList("Notes", lines, { room: most, noun: "note" });
}

function formatLeftOut(plan: Plan, most: number): Shown {
  const lines = plan.leftOut.map(
    ({ action, kind, id }) => `- ${codeSpan(symbols[action])} ${kinds[kind].title} ${codeSpan(id)}`,
  );
  const title = "Left out of this plan, and still to be done";
  return formatList(title, lines, { room: most, noun: "change" });
}

/** Deletes are told with the risks, all in one line; what is risky comes first. */
function formatChanges(plan: Plan, risks: Risks, left: number): Shown {
  const shown = plan.changes.filter(({ action, notes }) => action !== "delete" || notes.length > 0);
  const changes = shown.toSorted((a, b) => rank(risks.get(b)) - rank(risks.get(a)));
  const whole = changes.map((change) => formatChange(change, Infinity));
  if (totalSize(whole) <= left) return { blocks: whole, isCut: false };
  const heads = changes.map((change) => `- ${formatHead(change)} (too long for this comment)`);
  let spare = left - totalSize(heads);
  if (spare < 0)
    return { blocks: [fitLines(heads, left, (rest) => more(rest, "change")).join("\n")], isCut: true };
  const blocks = changes.map((change, index) => {
    const head = heads[index] ?? "";
    const block = formatChange(change, Math.min(roomForChange, spare));
    const extra = size(block) - size(head);
    if (extra > spare) return head;
    spare -= extra;
    return block;
  });
  return { blocks, isCut: true };
}

function rank(risks: readonly Risk[] | undefined): number {
  return risks === undefined ? 0 : 1;
}

function totalSize(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + size(block) + 2, 0);
}

/** `most`: bytes that its lines may take. */
function formatChange(change: Change, most: number): string {
  const all = changeLines(change, { full: change.kind === "policy" || change.kind === "fragment" });
  const lines = all.flatMap(diffLine).map((line) => (most === Infinity ? line : cutText(line, longestLine)));
  const shown = fitLines(lines, most, (left) => `  … ${plural(left, "line")} more`);
  const drift = change.drift === null ? [] : [`${causes[change.drift]} since the last apply`];
  const notes = [...drift, ...change.notes].map((note) => `- ${escapeText(cutText(note, longestLine))}`);
  const parts = [
    ...(shown.length === 0 ? [] : [fence(shown.join("\n"), "diff")]),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
  ];
  if (parts.length === 0) return `- ${formatHead(change)}`;
  return `<details><summary>${formatSummary(change)}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

function formatHead(change: Change): string {
  return `${codeSpan(symbols[change.action])} ${change.action} ${kinds[change.kind].title} ${codeSpan(change.id)}${formatPlace(change, codeSpan)}`;
}

/** Markdown does not work inside a summary: HTML does. */
function formatSummary(change: Change): string {
  return `${htmlCode(symbols[change.action])} ${change.action} ${kinds[change.kind].title} ${htmlCode(change.id)}${formatPlace(change, htmlCode)}`;
}

function formatPlace({ origin }: Change, code: (text: string) => string): string {
  return origin === null ? "" : ` at ${code(`${origin.file}:${origin.line}`)}`;
}

function diffLine({ sign, text }: ChangeLine): string {
  // A changed property is neither added nor removed; `!` is the sign that GitHub colours for it.
  return sign === "@" ? text : `${sign === "~" ? "!" : sign} ${text}`.trimEnd();
}
