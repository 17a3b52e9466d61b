/** Lines that stand at the bottom of a terminal while something is going on. */
import { kinds } from "../../core/model/kinds/index.ts";
import type { Change } from "../../core/plan/plan.ts";
import { visibleLine } from "../visible.ts";
import { doing } from "./apply.ts";
import { cutColumns } from "./columns.ts";

export type Counted = { readonly done: number; readonly total: number };

/** What is being written, as far as it is known. */
export type Applying = Counted & { readonly step?: Pick<Change, "action" | "kind" | "id"> | undefined };

const barColumns = 24;

/** `reading the service: 812 of 2,001`; `width` is the terminal's, and is never reached. */
export function formatReading({ done, total }: Counted, width: number): string {
  return cutColumns(`reading the service: ${number(done)} of ${number(total)}`, width - 1);
}

/** `applying ━━━━━━────── 12 of 40  updating policy azure-openai/Chat` */
export function formatApplying({ done, total, step }: Applying, width: number): string {
  const filled = total === 0 ? barColumns : Math.floor((done / total) * barColumns);
  const bar = "━".repeat(filled) + "─".repeat(barColumns - filled);
  const what =
    step === undefined ? "" : `  ${doing[step.action]} ${kinds[step.kind].title} ${visibleLine(step.id)}`;
  return cutColumns(`applying ${bar} ${number(done)} of ${number(total)}${what}`, width - 1);
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
