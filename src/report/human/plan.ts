import { serviceName } from "../../core/ports.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import type { Action, Change, Plan } from "../../core/plan/plan.ts";
import { planRisks } from "../../core/plan/risks.ts";
import { changeLines, type ChangeLine } from "../change-lines.ts";
import { formatUnmarked, plural } from "../count.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";
import { causes } from "../drift-cause.ts";
import { indent } from "./problem.ts";

export type PlanStyle = ReportStyle & {
  /** New documents in full, and values uncut. */
  readonly verbose: boolean;
  /** Where the service is, when it is not simply the one in Azure: `contoso-apim (local APIM, .apimgw/local)`. */
  readonly serviceTitle?: string;
  /** Which environment it is of, where there are several. */
  readonly environment?: string | undefined;
  /** The command that carries the plan out; left out where it is about to be. */
  readonly nextCommand?: string;
};

const symbols: Record<Action, string> = { create: "+", update: "~", adopt: "!", delete: "-" };

const legend: Record<Action, string> = {
  create: "create",
  update: "update",
  adopt: "adopt: it is there without a mark, and becomes this spec's",
  delete: "delete",
};

/**
 * A plan for people: changes in the order in which they are applied, then apart what must not be missed, with the deletes that
 * end it; notes, a line that counts, and the next command. When nothing changes, a sentence.
 */
export function formatPlan(plan: Plan, style: PlanStyle): string {
  const notes = formatNotes(plan);
  if (plan.changes.length === 0)
    return [formatNoChanges(plan, style), ...notes, ...formatLeftOut(plan)].join("\n\n");
  // A delete that a write waits for stands where it happens, among the others; those at the end are told with the risks.
  const lastWrite = plan.changes.findLastIndex(({ action }) => action !== "delete");
  const blocks = plan.changes.slice(0, lastWrite + 1).map((change) => formatChange(change, style));
  const { bold } = palette(style);
  return [
    bold(formatTitle(plan, style)),
    formatLegend(plan, style),
    ...(blocks.length === 0 ? [] : [spaced(blocks)]),
    ...formatRisks(plan, style),
    ...notes,
    ...formatLeftOut(plan),
    [bold(formatCounts(plan)), ...formatNext(style)].join("\n"),
  ].join("\n\n");
}

/** `Plan: 2 to create, 1 to update, 0 to adopt, 0 to delete; 12 unchanged.` */
export function formatCounts(plan: Plan): string {
  const { create, update, adopt, delete: remove } = plan.summary;
  return `Plan: ${create} to create, ${update} to update, ${adopt} to adopt, ${remove} to delete; ${plan.unchanged} unchanged${formatUnmarked(plan)}.`;
}

function formatNoChanges(plan: Plan, style: PlanStyle): string {
  const { green } = palette(style);
  const of = style.environment === undefined ? "" : `[${style.environment}] `;
  if (plan.leftOut.length > 0) return green(`${of}No changes among what was selected.`);
  return green(
    `${of}No changes. The service matches the spec (${plural(plan.unchanged, "resource")}${formatUnmarked(plan)}).`,
  );
}

function formatTitle({ name, service }: Plan, { serviceTitle, environment }: PlanStyle): string {
  const title = serviceTitle ?? `${serviceName(service)} (resource group ${service.resourceGroup})`;
  return visibleLine(`${environment === undefined ? "" : `[${environment}] `}${name} → ${title}`);
}

function formatLegend(plan: Plan, style: PlanStyle): string {
  const actions: readonly Action[] = ["create", "update", "adopt", "delete"];
  const used = actions.filter((action) => plan.summary[action] > 0);
  return indent(
    used.map((action) => `${paint(action, style)(symbols[action])} ${legend[action]}`).join("   "),
  );
}

function formatChange(change: Change, style: PlanStyle): string {
  const lines = changeLines(change, { full: style.verbose }).map((line) => formatLine(line, style));
  const notes = change.notes.map((note) => `note: ${visible(note)}`);
  return [
    `  ${formatHead(change, style)}`,
    ...[...driftLine(change), ...lines, ...notes].map((line) => indent(indent(indent(line)))),
  ].join("\n");
}

function driftLine({ drift }: Change): string[] {
  return drift === null ? [] : [`${causes[drift]} since the last apply`];
}

function formatHead(change: Change, style: PlanStyle): string {
  const { dim } = palette(style);
  const { origin } = change;
  const place = origin === null ? "" : `  ${dim(visibleLine(`${origin.file}:${origin.line}`))}`;
  return `${formatName(change, style)}${place}`;
}

function formatName({ action, kind, id }: Change, style: PlanStyle): string {
  const { bold } = palette(style);
  return `${paint(action, style)(symbols[action])} ${kinds[kind].title} ${bold(visibleLine(id))}`;
}

function formatLine({ sign, text }: ChangeLine, style: PlanStyle): string {
  const { green, red, yellow, cyan } = palette(style);
  switch (sign) {
    case "+":
      return green(`+ ${text}`.trimEnd());
    case "-":
      return red(`- ${text}`.trimEnd());
    case "~":
      return yellow(`~ ${text}`);
    case "@":
      return cyan(text);
    case " ":
      return `  ${text}`.trimEnd();
  }
}

function formatRisks(plan: Plan, style: PlanStyle): string[] {
  const lines = [...planRisks(plan)].flatMap(([change, risks]) =>
    risks.map(({ message }) => `  ${formatName(change, style)}: ${visible(message)}`),
  );
  if (lines.length === 0) return [];
  const { red } = palette(style);
  return [[red(`Look twice (${lines.length}):`), ...lines].join("\n")];
}

function formatNext({ nextCommand }: PlanStyle): string[] {
  return nextCommand === undefined ? [] : [`To carry it out: ${visibleLine(nextCommand)}`];
}

function formatNotes({ notes }: Plan): string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(
    ({ kind, id, note }) => `  ${kinds[kind].title} ${visibleLine(id)}: ${visibleLine(note)}`,
  );
  return [["Notes:", ...lines].join("\n")];
}

/** Names what a selection leaves out: it is still to be done. */
function formatLeftOut({ leftOut }: Plan): string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(
    ({ action, kind, id }) => `  ${symbols[action]} ${kinds[kind].title} ${visibleLine(id)}`,
  );
  return [["Left out of this plan, and still to be done:", ...lines].join("\n")];
}

function paint(action: Action, style: ReportStyle): (text: string) => string {
  const { green, yellow, magenta, red } = palette(style);
  return { create: green, update: yellow, adopt: magenta, delete: red }[action];
}

/** A blank line around changes that take several lines, none between those of one line. */
function spaced(blocks: readonly string[]): string {
  return blocks.reduce((text, block, index) => {
    const isApart = block.includes("\n") || (blocks[index - 1] ?? "").includes("\n");
    return `${text}${isApart ? "\n\n" : "\n"}${block}`;
  });
}
