/** What came of the calls with each subscription, as the cells of a table. */
import type { Statistics } from "../../core/simulate/statistics.ts";
import { visibleLine } from "../visible.ts";
import { shownTime } from "./backend-table.ts";
import type { StatisticsTable } from "./backend-table.ts";

/** A row per subscription, where there are several. */
export function callerTable(statistics: Statistics): StatisticsTable | undefined {
  const callers = statistics.callers();
  if (callers.length < 2) return undefined;
  const rows = callers.map((each) => [
    visibleLine(each.subscription),
    visibleLine(each.product ?? "-"),
    String(each.requests),
    String(each.answered),
    String(each.refused),
    String(each.failed),
    shownTime(each.p50),
    shownTime(each.p95),
  ]);
  const head = ["subscription", "product", "requests", "answered", "refused", "failed", "p50", "p95"];
  return { head, rows };
}
