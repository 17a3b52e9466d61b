/** What apply and destroy share: show the plans, ask, carry them out, say how it went. */
import type { ApplyEvent, ApplySummary, FleetSummary } from "../core/plan/plan.ts";
import { formatApplyEvent, formatApplySummary, formatFleetSummary } from "../report/human/apply.ts";
import { formatPlan } from "../report/human/plan.ts";
import { formatApplyEventJson, formatFleetSummaryJson } from "../report/json.ts";
import { applyFleet } from "../usecases/apply-fleet.ts";
import { applySteps } from "../usecases/apply.ts";
import { errorTracer } from "../usecases/error-tracer.ts";
import { createJournal } from "../usecases/journal.ts";
import type { CommandContext, Output } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { PlannedEnvironment } from "./planned-environments.ts";
import { createApplyProgress } from "./progress.ts";
import type { ApplyProgress } from "./progress.ts";

export type ApplyRequest = {
  readonly format: "text" | "json";
  readonly concurrency: number;
  /** Whether the plans are shown first: saved ones have been. That there is nothing to do is said in any case. */
  readonly shows: boolean;
  /** What is asked before the first write; undefined when consent was given already. */
  readonly question: string | undefined;
};

/** Returns `done` when everything was carried out or there was nothing to do, `failed` when not, or when the user declined. */
export async function applyPlans(
  context: CommandContext,
  members: readonly PlannedEnvironment[],
  request: ApplyRequest,
): Promise<ExitCode> {
  const { output } = context;
  const isNothing = members.every(({ planned }) => planned.steps.length === 0);
  if (request.shows || (isNothing && request.format === "text")) {
    for (const { environment, ...member } of members)
      showPlan(output, members.length === 1 ? member : { ...member, environment }, request.format);
  }
  if (isNothing && request.format === "text") return exitCodes.done;
  const mustAsk = !isNothing && request.question !== undefined;
  if (mustAsk && !(await context.confirm(request.question, "--auto-approve"))) {
    output.error("Nothing was written.");
    return exitCodes.failed;
  }
  const { failed, skipped } = await applyAll(context, members, request);
  return failed === 0 && skipped === 0 ? exitCodes.done : exitCodes.failed;
}

/** The services of a question: `contoso-apim (resource group rg-ai) and contoso-apim-test (…)`. */
export function titlesOf(members: readonly PlannedEnvironment[]): string {
  const titles = members.map(({ service }) => service.title);
  return new Intl.ListFormat("en").format(titles);
}

type Shown = Omit<PlannedEnvironment, "environment"> & { readonly environment?: string | undefined };

/** With JSON the answer is events only, so that people read the plan on stderr. */
function showPlan(output: Output, member: Shown, format: ApplyRequest["format"]): void {
  const { environment, service, planned } = member;
  const style = { verbose: output.isVerbose, serviceTitle: service.title, environment };
  if (format === "json") output.message(formatPlan(planned.plan, { ...style, color: output.messageColor }));
  else output.writeResult(formatPlan(planned.plan, { ...style, color: output.resultColor }));
}

async function applyAll(
  context: CommandContext,
  members: readonly PlannedEnvironment[],
  request: ApplyRequest,
): Promise<ApplySummary | FleetSummary> {
  const { output } = context;
  const progress = createApplyProgress(output);
  const [only, ...others] = members;
  try {
    if (only !== undefined && others.length === 0)
      return await applyOne(context, only, request, listener(context, request, progress, only));
    const summary = await applyFleet(
      members.map((member) => ({
        environment: member.environment ?? "",
        apply: (onEvent) => applyOne(context, member, request, onEvent),
      })),
      (environment, event) => {
        const member = members.find((other) => other.environment === environment);
        if (member !== undefined) listener(context, request, progress, member, environment)(event);
      },
    );
    const style = { color: output.resultColor };
    output.writeResult(
      request.format === "json" ? formatFleetSummaryJson(summary) : formatFleetSummary(summary, style),
    );
    return summary;
  } finally {
    progress.end();
  }
}

async function applyOne(
  { files, clock, signal }: CommandContext,
  { service, planned, gateway }: PlannedEnvironment,
  { concurrency }: ApplyRequest,
  onEvent: (event: ApplyEvent) => void,
): Promise<ApplySummary> {
  const journal = createJournal(files, clock, planned.plan.digest);
  const traceError = gateway === undefined ? undefined : errorTracer(gateway);
  return applySteps(service, planned, { concurrency, clock, signal, journal, onEvent, traceError });
}

/** Tells of one environment's events, with its name when there are several. */
function listener(
  { output }: CommandContext,
  { format }: ApplyRequest,
  progress: ApplyProgress,
  { gateway }: PlannedEnvironment,
  environment?: string,
): (event: ApplyEvent) => void {
  const prefix = environment === undefined ? "" : `[${environment}] `;
  return (event) => {
    progress.show(event);
    if (format === "json") {
      output.writeResult(formatApplyEventJson(event, environment));
      return;
    }
    if (event.event === "summary") {
      output.writeResult(`${prefix}${formatApplySummary(event, { color: output.resultColor })}`);
      return;
    }
    // The status line counts them already.
    if (isPlain(event) && output.showsStatus && !output.isVerbose) return;
    const line = formatApplyEvent(event, {
      color: output.messageColor,
      verbose: output.isVerbose,
      sources: (file) => gateway?.texts.get(file),
    });
    if (line === undefined) return;
    if (event.event === "step-failed") output.error(`${prefix}${line}`);
    else output.message(`${prefix}${line}`);
  };
}

/** A step that ended as it was meant to, with nothing to say about it. */
function isPlain(event: ApplyEvent): boolean {
  if (event.event !== "step-finished") return false;
  const { changedByService, unchecked, isReplacement } = event;
  return changedByService === undefined && unchecked === undefined && isReplacement === undefined;
}
