/** What apply and destroy share: show the plan, ask, carry it out, say how it went. */
import type { PlannedSteps } from "../core/plan/compare.ts";
import type { ApplyEvent, ApplySummary } from "../core/plan/plan.ts";
import type { LiveService } from "../core/ports.ts";
import { formatApplyEvent, formatApplySummary } from "../report/human/apply.ts";
import { formatPlan } from "../report/human/plan.ts";
import type { Sources } from "../report/human/problem.ts";
import { formatApplyEventJson } from "../report/json.ts";
import { applySteps } from "../usecases/apply.ts";
import { errorTracer } from "../usecases/error-tracer.ts";
import { createJournal } from "../usecases/journal.ts";
import type { SoundGateway } from "../usecases/load-gateway.ts";
import type { CommandContext, Output } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { createApplyProgress } from "./progress.ts";
import type { ExitCode } from "./exit-codes.ts";

export type ApplyRequest = {
  readonly format: "text" | "json";
  readonly concurrency: number;
  /** Whether the plan is shown first: a saved one has been. */
  readonly shows: boolean;
  /** What is asked before the first write; undefined when consent was given already. */
  readonly question: string | undefined;
  /** What the plan was made from: errors of the service are traced back to it. A destroy has none. */
  readonly gateway?: SoundGateway | undefined;
};

/** Returns `done` when everything was carried out or there was nothing to do, `failed` when not, or when the user declined. */
export async function applyPlan(
  context: CommandContext,
  service: LiveService,
  planned: PlannedSteps,
  request: ApplyRequest,
): Promise<ExitCode> {
  const { output } = context;
  if (request.shows) showPlan(output, service, planned, request.format);
  const isNothing = planned.steps.length === 0;
  if (isNothing && request.format === "text") return exitCodes.done;
  const mustAsk = !isNothing && request.question !== undefined;
  if (mustAsk && !(await context.confirm(request.question, "--auto-approve"))) {
    output.error("Nothing was written.");
    return exitCodes.failed;
  }
  const summary = await run(context, service, planned, request);
  return summary.failed === 0 && summary.skipped === 0 ? exitCodes.done : exitCodes.failed;
}

/** With JSON the answer is events only, so that people read the plan on stderr. */
function showPlan(
  output: Output,
  service: LiveService,
  { plan }: PlannedSteps,
  format: ApplyRequest["format"],
): void {
  const style = { verbose: output.isVerbose, serviceTitle: service.title };
  if (format === "json") output.message(formatPlan(plan, { ...style, color: output.messageColor }));
  else output.writeResult(formatPlan(plan, { ...style, color: output.resultColor }));
}

async function run(
  context: CommandContext,
  service: LiveService,
  planned: PlannedSteps,
  { format, concurrency, gateway }: ApplyRequest,
): Promise<ApplySummary> {
  const { output, files, clock, signal } = context;
  const journal = createJournal(files, clock, planned.plan.digest);
  const sources: Sources = (file) => gateway?.texts.get(file);
  const speak = format === "json" ? speakJson(context) : speakText(context, sources);
  const showProgress = createApplyProgress(output);
  const onEvent: Speak = (event) => {
    showProgress(event);
    speak(event);
  };
  const traceError = gateway === undefined ? undefined : errorTracer(gateway);
  const options = { concurrency, clock, signal, journal, onEvent, traceError };
  const summary = await applySteps(service, planned, options);
  output.detail(`journal: ${journal.path}`);
  return summary;
}

type Speak = (event: ApplyEvent) => void;

function speakJson({ output }: CommandContext): Speak {
  return (event) => {
    output.writeResult(formatApplyEventJson(event));
  };
}

function speakText({ output }: CommandContext, sources: Sources): Speak {
  return (event) => {
    if (event.event === "summary") {
      output.writeResult(formatApplySummary(event, { color: output.resultColor }));
      return;
    }
    const style = { color: output.messageColor, verbose: output.isVerbose, sources };
    // The status line counts them already.
    if (event.event === "step-finished" && output.showsStatus && !output.isVerbose) return;
    const line = formatApplyEvent(event, style);
    if (line === undefined) return;
    if (event.event === "step-failed") output.error(line);
    else output.message(line);
  };
}
