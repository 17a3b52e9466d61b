/** Carries out a plan and nothing else; says what was done, what failed and what was not tried. */
import { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { PlannedSteps, Step } from "../core/plan/compare.ts";
import type { Action, ApplyEvent, ApplySummary, Change, ErrorPlace } from "../core/plan/plan.ts";
import type { Resource } from "../core/model/resource.ts";
import { pathKey } from "../core/plan/live.ts";
import { Schedule } from "../core/plan/schedule.ts";
import type { Clock, LiveService } from "../core/ports.ts";
import type { Journal } from "./journal.ts";
import { inNewerVersions } from "./newer-versions.ts";
import { ChangedSincePlan } from "./write-failures.ts";
import { StepWriter, type StepOutcome } from "./write-step.ts";

export type ApplyOptions = {
  /** Writes side by side; writes below one API go one at a time whatever this is. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** When aborted, writes in flight are finished and no new one is started. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ApplyEvent) => void;
  readonly journal: Journal;
  /** Traces what the service refused to places in the user's files. */
  readonly traceError?: ((resource: Resource, failure: Failure) => ErrorTrace) | undefined;
};

export type ErrorTrace = { readonly places: readonly ErrorPlace[]; readonly remedy?: string | undefined };

/**
 * Applies steps as soon as what they depend on is done. Failures do not throw: independent branches go on, dependants are
 * skipped, and the summary counts. Deletes start only when every write has succeeded.
 */
export async function applySteps(
  service: LiveService,
  planned: PlannedSteps,
  options: ApplyOptions,
): Promise<ApplySummary> {
  const { plan, steps } = planned;
  const started = options.clock.now().getTime();
  const retriedBefore = service.retried();
  const versioned = inNewerVersions(service, planned.desired);
  const writer = new StepWriter(
    versioned,
    plan.name,
    options.clock,
    options.signal,
    planned.desired.resources,
  );
  const run = new ApplyRun(writer, steps, options);
  options.onEvent({ event: "started", changes: steps.length, digest: plan.digest });
  // A run that has nothing to do leaves no journal behind.
  if (steps.length > 0)
    await options.journal.record({
      event: "started",
      service: plan.service,
      name: plan.name,
      digest: plan.digest,
    });
  await run.finish();
  const summary: ApplySummary = {
    event: "summary",
    formatVersion: 1,
    service: plan.service,
    done: run.done,
    failed: run.failed,
    skipped: run.skipped,
    isInterrupted: options.signal.aborted && run.skipped > 0,
    changedByService: run.changedByService,
    retried: { ...increase(retriedBefore, service.retried()), ...writer.retried() },
    journal: steps.length > 0 ? options.journal.path : null,
    milliseconds: options.clock.now().getTime() - started,
  };
  if (steps.length > 0) await options.journal.record({ ...summary });
  options.onEvent(summary);
  return summary;
}

/** What was counted between two moments. */
function increase(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const counts = Object.entries(after).map(
    ([reason, count]) => [reason, count - (before[reason] ?? 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

class ApplyRun {
  readonly done: Record<Action, number> = { create: 0, update: 0, adopt: 0, delete: 0 };
  failed = 0;
  skipped = 0;
  changedByService = 0;
  readonly #writer: StepWriter;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #schedule: Schedule;
  readonly #options: ApplyOptions;
  readonly #running = new Set<Promise<void>>();
  /** Paths of what was made, or imported anew, in this run: what stands below may find it missing for a while. */
  readonly #made = new Set<string>();
  #journalFailure: Failure | undefined;
  /** Not a failure of the service: thrown when all that is in flight has ended. */
  #bug: { readonly thrown: unknown } | undefined;

  constructor(writer: StepWriter, steps: readonly Step[], options: ApplyOptions) {
    this.#writer = writer;
    this.#steps = new Map(steps.map((step) => [step.change.path, step]));
    this.#schedule = new Schedule(steps.map(({ change }) => change));
    this.#options = options;
  }

  /** Throws Failure `FILE.UNWRITABLE` when the journal could not be written; nothing is started after that. */
  async finish(): Promise<void> {
    for (;;) {
      this.#start();
      if (this.#running.size === 0) break;
      await Promise.race(this.#running);
    }
    for (const change of this.#schedule.abandon()) this.#skip(change, this.#reasonToStop());
    if (this.#bug !== undefined) throw this.#bug.thrown;
    if (this.#journalFailure !== undefined) throw this.#journalFailure;
  }

  #mustStop(): boolean {
    return this.#options.signal.aborted || this.#journalFailure !== undefined || this.#bug !== undefined;
  }

  #reasonToStop(): string {
    if (this.#options.signal.aborted) return "interrupted";
    return this.#bug === undefined ? "the journal cannot be written" : "a bug in apimgw";
  }

  #start(): void {
    while (this.#running.size < this.#options.concurrency) {
      if (this.#mustStop()) return;
      const change = this.#schedule.take();
      const step = change === undefined ? undefined : this.#steps.get(change.path);
      if (step === undefined) return;
      const running = this.#run(step).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  #skip({ action, kind, id, path }: Change, because: string): void {
    this.skipped += 1;
    this.#options.onEvent({ event: "step-skipped", action, kind, id, path, because });
  }

  async #run(step: Step): Promise<void> {
    const { action, kind, id, path } = step.change;
    const named = { action, kind, id, path };
    const started = this.#options.clock.now().getTime();
    this.#options.onEvent({ event: "step-started", ...named });
    const outcome = await this.#carryOut(step);
    if (outcome === undefined) return;
    const milliseconds = this.#options.clock.now().getTime() - started;
    this.#succeed(step);
    if (outcome.changedByService !== undefined) this.changedByService += 1;
    this.#options.onEvent({ event: "step-finished", ...named, milliseconds, ...outcome });
    await this.#record({ event: "step-finished", ...named, ...outcome }).catch(() => undefined);
  }

  /** Undefined when it failed, or was not begun; that has been seen to. */
  async #carryOut(step: Step): Promise<StepOutcome | undefined> {
    const { action, kind, id, path } = step.change;
    try {
      // The journal has the old text before the service loses it.
      await this.#record({ event: "step-started", action, kind, id, path, before: beforeText(step) });
      return await this.#writer.carryOut(step, this.#isBelowNew(path));
    } catch (error) {
      if (error instanceof Failure) await this.#fail(step, error);
      else this.#stop(step, error);
      return undefined;
    }
  }

  #succeed({ change: { action, path }, resource }: Step): void {
    if (action === "create" || resource?.operations !== undefined) this.#made.add(pathKey(path));
    this.#schedule.succeed(path);
    this.done[action] += 1;
  }

  #isBelowNew(path: string): boolean {
    const segments = pathKey(path).split("/");
    return segments.some((_, index) => this.#made.has(segments.slice(0, index).join("/")));
  }

  #stop({ change }: Step, error: unknown): void {
    const { signal } = this.#options;
    this.#schedule.giveBack(change.path);
    // Nothing was sent: it is among what the interruption leaves over.
    if (!signal.aborted || error !== signal.reason) this.#bug ??= { thrown: error };
  }

  async #fail({ change, resource }: Step, failure: Failure): Promise<void> {
    const { action, kind, id, path, origin } = change;
    const { code } = failure;
    const traced = resource === undefined ? undefined : this.#options.traceError?.(resource, failure);
    const places = traced?.places ?? [];
    const at = places[0]?.at ?? origin;
    const remedy = failure.remedy ?? traced?.remedy;
    this.failed += 1;
    const failed = { event: "step-failed", action, kind, id, path, code, message: said(failure) } as const;
    const changes = failure instanceof ChangedSincePlan && { changes: failure.changes };
    this.#options.onEvent({
      ...failed,
      ...(at === null ? {} : { at }),
      ...(places.length === 0 ? {} : { places }),
      ...changes,
      ...(remedy === undefined ? {} : { remedy }),
    });
    for (const skipped of this.#schedule.fail(path)) this.#skip(skipped.change, skipped.because);
    await this.#record(failed).catch(() => undefined);
  }

  /** Remembers that the journal failed, so that nothing more is written without it. */
  async #record(entry: JsonObject): Promise<void> {
    try {
      await this.#options.journal.record(entry);
    } catch (error) {
      if (error instanceof Failure) this.#journalFailure ??= error;
      throw error;
    }
  }
}

/** ARM's message alone is often only "One or more fields contain incorrect values:"; which ones, and how, is the cause. */
function said({ message, why }: Failure): string {
  return why === undefined ? message : `${message.replace(/:$/, "")}: ${why}`;
}

/** What the service is about to lose: a document's text as it was, else the compared properties. */
function beforeText({ change, live }: Step): string | null {
  if (live === undefined) return null;
  const value = live.document === undefined ? undefined : live.properties.value;
  return typeof value === "string" ? value : JSON.stringify(change.before);
}
