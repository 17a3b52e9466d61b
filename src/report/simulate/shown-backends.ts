/** Which backends of a simulation are shown: a gateway may have many, and a scenario call few. */
import type { BackendStatistics, Statistics } from "../../core/simulate/statistics.ts";
import { visibleLine } from "../visible.ts";

/** The backends that were called, and those that the scenario speaks of; all of them when that leaves none. */
export function shownBackends(statistics: Statistics): BackendStatistics[] {
  const all = statistics.backends();
  const shown = all.filter(({ calls, isDescribed }) => calls > 0 || isDescribed);
  return shown.length === 0 ? all : shown;
}

/** One line that names the other backends; undefined when there are none. */
export function idleBackends(statistics: Statistics): string | undefined {
  const shown = new Set(shownBackends(statistics).map(({ backend }) => backend));
  const idle = statistics.backends().filter(({ backend }) => !shown.has(backend));
  if (idle.length === 0) return undefined;
  return `Not called: ${idle.map(({ backend }) => visibleLine(backend)).join(", ")}.`;
}
