import { formatLocation } from "../../core/location.ts";
import type { Action, ApplyEvent, ApplySummary, ErrorPlace, FleetSummary } from "../../core/plan/plan.ts";
import { kinds } from "../../core/model/kinds/index.ts";
import type { Kind } from "../../core/model/resource.ts";
import { plural } from "../count.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";
import { formatChanges, formatOutcome, formatSummaryDetails } from "./apply-outcome.ts";
import { formatCodeFrame } from "./code-frame.ts";
import { indent, type Sources } from "./problem.ts";

/** What a step does, while it does it. */
export const doing: Record<Action, string> = {
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

export type ApplyStyle = ReportStyle & {
  readonly verbose: boolean;
  /** For the lines that errors come from. */
  readonly sources: Sources;
};

/** One event of an apply for stderr; undefined when it is not worth a line. The summary has `formatApplySummary`. */
export function formatApplyEvent(event: ApplyEvent, style: ApplyStyle): string | undefined {
  const { green, yellow } = palette(style);
  switch (event.event) {
    case "started":
      return `Applying ${plural(event.changes, "change")}.`;
    case "step-started":
      return style.verbose ? `  ${step(doing, event)}` : undefined;
    case "step-finished":
      return [
        `  ${green(step(done, event))} (${duration(event.milliseconds)})`,
        ...formatOutcome(event),
      ].join("\n");
    case "step-failed":
      return [formatFailedStep(event, style), ...formatChanges(event)].join("\n");
    case "step-skipped":
      return `  ${yellow(`not ${step(done, event)}`)}: ${skipReason(event.because)}`;
    case "summary":
      return undefined;
  }
}

/** What was done, what failed and what was not tried; then what differs, what was sent again, and where the journal is. */
export function formatApplySummary(summary: ApplySummary, style: ReportStyle): string {
  return [formatCounts(summary, style), ...formatSummaryDetails(summary)].join("\n");
}

function formatCounts(summary: ApplySummary, style: ReportStyle): string {
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

/** The last line of a run over several environments. */
export function formatFleetSummary(summary: FleetSummary, style: ReportStyle): string {
  const { green, red } = palette(style);
  const { create, update, adopt, delete: remove } = summary.done;
  const all = Object.entries(summary.environments);
  const what = `${plural(all.length, "environment")}: ${create} created, ${update} updated, ${adopt} adopted, ${remove} deleted`;
  const time = duration(summary.milliseconds);
  const incomplete = all.flatMap(([name, { failed, skipped }]) => (failed + skipped > 0 ? [name] : []));
  if (incomplete.length === 0) return green(`Applied to ${what} in ${time}.`);
  const rest = `${summary.failed} failed, ${summary.skipped} not tried`;
  return red(`Not complete in ${incomplete.map(visibleLine).join(", ")}; ${what}; ${rest}.`);
}

/**
 * What failed and the lines that it comes from:
 *
 *     not created policy azure-openai/Chat: cannot write … (SERVICE.REJECTED)
 *       at: gateway.yaml:31:18
 *         31 |         backend: aoai
 *            |                  ^^^^
 *       fix: …
 */
function formatFailedStep(event: Extract<ApplyEvent, { event: "step-failed" }>, style: ApplyStyle): string {
  const { red } = palette(style);
  const { at, places = [] } = event;
  const shown = places.length > 1 ? places.map((place) => formatPlace(place, style)) : [];
  const only = at === undefined || shown.length > 0 ? [] : [formatPlace({ message: "", at }, style)];
  const remedy = event.remedy === undefined ? [] : [`fix: ${visible(event.remedy)}`];
  const head = `${red(`not ${step(done, event)}`)}: ${visible(event.message)} (${event.code})`;
  return indent([head, ...[...only, ...shown, ...remedy].map(indent)].join("\n"));
}

function formatPlace({ message, at }: ErrorPlace, style: ApplyStyle): string {
  const source = style.sources(at.file);
  const frame = source === undefined ? undefined : formatCodeFrame(source, at, style);
  const head = `at: ${visibleLine(formatLocation(at))} ${visible(message)}`.trimEnd();
  return frame === undefined ? head : `${head}\n${indent(frame)}`;
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
