/** The labels of routes: who is called when, how often, and after what answers. */
import { writeStatusCode } from "../spec/status-codes.ts";
import type { StatusRange } from "../spec/status-codes.ts";
import { anyStatus } from "./evaluate.ts";
import type { GraphStep } from "./graph.ts";
import type { RouteStep } from "./operation-flow.ts";

/** The step as data; statuses as ranges. */
export function graphStep({ order, when, on, retries, retryOn, interval, timeout }: RouteStep): GraphStep {
  return {
    order,
    when,
    on: on === undefined ? [] : statusRanges(on),
    retries,
    retryOn: statusRanges(retryOn),
    ...(interval === undefined ? {} : { interval }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** The lines of a step's label. `isChain`: others come after it or before it. */
export function stepLines(step: RouteStep, isChain: boolean): readonly string[] {
  const { order, when, on, retries, retryOn, interval, timeout } = step;
  const place = !isChain ? [] : on === undefined ? ["1st"] : [`${after(on)}, ${ordinal(order)}`];
  const again = retries === 1 ? "1 retry" : `up to ${retries} retries`;
  const waits = interval === undefined ? "" : `, every ${interval}`;
  return [
    ...(when.length === 0 ? [] : [conditions(when)]),
    ...place,
    ...(retries === 0 ? [] : [`${again} ${after(retryOn)}${waits}`]),
    ...(timeout === undefined ? [] : [`timeout ${timeout}`]),
  ];
}

/** `if model = gpt-4o`, `otherwise`. */
export function conditions(when: readonly string[]): string {
  const text = when.join(" and ");
  return /^otherwise\b/.test(text) ? text : `if ${text}`;
}

function after(statuses: readonly number[]): string {
  if (statuses.length === anyStatus.length) return "whatever the answer";
  const isMost = statuses.length > anyStatus.length / 2;
  const others = anyStatus.filter((status) => !statuses.includes(status));
  return isMost ? `on all but ${statusRanges(others).join(", ")}` : `on ${statusRanges(statuses).join(", ")}`;
}

/** `2nd`; 11 to 13 are as all others that end in `th`. */
function ordinal(place: number): string {
  const ending = { 1: "st", 2: "nd", 3: "rd" }[Math.floor(place / 10) % 10 === 1 ? 0 : place % 10];
  return `${place}${ending ?? "th"}`;
}

/** Rising statuses as `429` and `500-599`. */
export function statusRanges(statuses: readonly number[]): readonly string[] {
  const ranges: StatusRange[] = [];
  for (const status of statuses) {
    const last = ranges.at(-1);
    if (last !== undefined && last.max === status - 1) ranges[ranges.length - 1] = { ...last, max: status };
    else ranges.push({ min: status, max: status });
  }
  return ranges.map((range) => String(writeStatusCode(range)));
}
