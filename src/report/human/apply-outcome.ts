import type { ApplyEvent, ApplySummary } from "../../core/plan/plan.ts";
import { visible, visibleLine } from "../visible.ts";
import { indent } from "./problem.ts";

/** What is worth saying about a step that was done, beside that: what the service made of it, below the step. */
export function formatOutcome(event: Extract<ApplyEvent, { event: "step-finished" }>): string[] {
  const { isFound, changedByService, unchecked, isReplacement } = event;
  return [
    ...(isReplacement === true ? ["it replaced what somebody had created since the plan"] : []),
    ...(isFound === true ? ["it was so already"] : []),
    ...(changedByService === undefined
      ? []
      : [`the service has it otherwise than it was sent:\n${indent(visible(changedByService))}`]),
    ...(unchecked === undefined ? [] : [`not compared with what was sent: ${visibleLine(unchecked)}`]),
  ].map((text) => indent(indent(text)));
}

/** What somebody else has changed since the plan, below the step that failed over it. */
export function formatChanges({ changes }: Extract<ApplyEvent, { event: "step-failed" }>): string[] {
  return changes === undefined || changes === "" ? [] : [indent(indent(visible(changes)))];
}

/** The lines below the counts: what differs, what was sent again, where the journal is. */
export function formatSummaryDetails({ changedByService, retried, journal }: ApplySummary): string[] {
  const reasons = Object.entries(retried).map(([reason, count]) => `${count} × ${reason}`);
  return [
    ...(changedByService === 0
      ? []
      : [`Otherwise on the service than sent: ${changedByService}, shown above.`]),
    ...(reasons.length === 0 ? [] : [`Sent again: ${reasons.join(", ")}.`]),
    ...(journal === null ? [] : [`Journal: ${visibleLine(journal)}`]),
  ];
}
