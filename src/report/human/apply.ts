import { formatLocation } from "../../core/location.ts";
import type { Action, ApplyEvent, ApplySummary } from "../../core/plan/plan.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import type { Kind } from "../../core/model/resource.ts";
import { plural } from "../count.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";
import { indent } from "./problem.ts";

const doing: Record<Action, string> = {
  create: "creating",
  update: "updating",
  adopt: "adopting",
  delete: "deleting",
};

const done: Record<Action, string> = {
  create: "created",
  update: "updated",
  adopt: "adopted",
  delete: "deleted",
};

type Step = { readonly action: Action; readonly kind: Kind; readonly id: string };

/** One event of an apply for stderr; undefined when it is not worth a line. The summary has `formatApplySummary`. */
export function formatApplyEvent(
  event: ApplyEvent,
  style: ReportStyle & { readonly verbose: boolean },
): string | undefined {
  const { green, yellow } = palette(style);
  switch (event.event) {
    case "started":
      return `Applying ${plural(event.changes, "change")}.`;
    case "step-started":
      return style.verbose ? `  ${step(doing, event)}` : undefined;
    case "step-finished":
      return `  ${green(step(done, event))} (${duration(event.milliseconds)})`;
    case "step-failed":
      return formatFailedStep(event, style);
    case "step-skipped":
      return `  ${yellow(`not ${step(done, event)}`)}: ${skipReason(event.because)}`;
    case "summary":
      return undefined;
  }
}

/** What was done, what failed and what was not tried. */
export function formatApplySummary(summary: ApplySummary, style: ReportStyle): string {
  const { green, red } = palette(style);
  const { create, update, adopt, delete: remove } = summary.done;
  const what = `${create} created, ${update} updated, ${adopt} adopted, ${remove} deleted`;
  const rest = `${summary.failed} failed, ${summary.skipped} not tried`;
  const time = duration(summary.milliseconds);
  if (summary.isInterrupted)
    return red(`Interrupted after ${time}: ${what}; ${rest}. Plan again to see what is left.`);
  if (summary.failed === 0 && summary.skipped === 0) return green(`Applied: ${what} in ${time}.`);
  return red(`Not complete: ${what}; ${rest}. Plan again to see what is left.`);
}

function formatFailedStep(event: Extract<ApplyEvent, { event: "step-failed" }>, style: ReportStyle): string {
  const { red } = palette(style);
  const place = event.at === undefined ? [] : [`at: ${visibleLine(formatLocation(event.at))}`];
  const remedy = event.remedy === undefined ? [] : [`fix: ${visible(event.remedy)}`];
  const head = `${red(`not ${step(done, event)}`)}: ${visible(event.message)} (${event.code})`;
  return indent([head, ...[...place, ...remedy].map(indent)].join("\n"));
}

function step(verbs: Record<Action, string>, { action, kind, id }: Step): string {
  return `${verbs[action]} ${kinds[kind].title} ${visibleLine(id)}`;
}

function skipReason(because: string): string {
  return because === "interrupted" ? "interrupted" : `${visibleLine(because)} failed`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
