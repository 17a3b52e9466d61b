/** What a command is doing, on the status line. */
import type { ApplyEvent } from "../core/plan/plan.ts";
import type { LiveService } from "../core/ports.ts";
import { formatApplying, formatReading } from "../report/human/progress.ts";
import type { Applying } from "../report/human/progress.ts";
import { watchReads } from "../usecases/read-progress.ts";
import type { Output } from "./context.ts";

/** Runs `work` with a service whose reads are counted on the status line. */
export async function whileReading<Result>(
  output: Output,
  service: LiveService,
  work: (service: LiveService) => Promise<Result>,
): Promise<Result> {
  const watched = watchReads(service, (progress) => {
    output.status((columns) => formatReading(progress, columns));
  });
  try {
    return await work(watched);
  } finally {
    output.status(undefined);
  }
}

export type ApplyProgress = {
  /** Takes an event of one of the plans that are being carried out. */
  readonly show: (event: ApplyEvent) => void;
  /** Takes the status line away. */
  readonly end: () => void;
};

/** Shows on the status line how far an apply is: the sum of all plans, when it is several. */
export function createApplyProgress(output: Output): ApplyProgress {
  let progress: Applying = { done: 0, total: 0 };
  return {
    show: (event) => {
      progress = advance(progress, event);
      const shown = progress;
      const isOver = event.event === "summary";
      output.status(isOver ? undefined : (columns) => formatApplying(shown, columns));
    },
    end: () => output.status(undefined),
  };
}

function advance(progress: Applying, event: ApplyEvent): Applying {
  switch (event.event) {
    case "started":
      return { ...progress, total: progress.total + event.changes };
    case "step-started":
      return { ...progress, step: event };
    case "step-finished":
    case "step-failed":
    case "step-skipped":
      return { ...progress, done: progress.done + 1 };
    case "summary":
      return progress;
  }
}
