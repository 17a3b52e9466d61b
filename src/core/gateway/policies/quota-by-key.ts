import { attributeValue } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { flagReader, numberReader, requiredNumber, requiredText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { periodOf, wholeSeconds } from "../counters.ts";
import { perSubscription } from "../subscription-limits.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { PolicyError } from "../policy-error.ts";

export const quotaByKey: PolicyRunner = {
  name: "quota-by-key",
  fidelity: {
    level: "full",
    notes: [
      ["Calls and kilobytes per renewal period; 403 beyond.", "documented"],
      ["Periods count from `first-period-start`.", "documented"],
      ["The kilobytes are those of the bodies of request and answer.", "inferred"],
    ],
  },
  prepare: (element) => quota(element, requiredText(element, "counter-key")),
};

export const quotaBySubscription: PolicyRunner = {
  name: "quota",
  fidelity: {
    level: "full",
    notes: [
      [
        "Calls and kilobytes per subscription and renewal period; without a subscription, none.",
        "documented",
      ],
      ["Quotas for single APIs and operations count beside the one for all.", "documented"],
    ],
  },
  prepare: (element, { scope }) => perSubscription(element, scope, quota),
};

const firstPeriod = "0001-01-01T00:00:00Z";

function quota(element: PolicyElement, key: Reader<string>): Policy {
  const calls = numberReader(element, "calls");
  const bandwidth = numberReader(element, "bandwidth");
  const renewal = requiredNumber(element, "renewal-period");
  const counts = flagReader(element, "increment-condition", true);
  const amount = numberReader(element, "increment-count") ?? (() => 1);
  const first = Date.parse(attributeValue(element, "first-period-start") ?? firstPeriod);
  return (exchange) => {
    const period = renewal(exchange) * 1000;
    const now = exchange.now();
    const start = period === 0 ? first : first + Math.floor((now - first) / period) * period;
    const name = `${element.name}|${key(exchange)}`;
    const used = periodOf(exchange.instance, `${name}|calls`);
    const bytes = periodOf(exchange.instance, `${name}|bytes`);
    const end = period === 0 ? Infinity : start + period;
    note(exchange, () => `${used.total(start)} calls in this period`);
    if (calls !== undefined && used.total(start) >= calls(exchange)) refuse("call volume", end, now);
    if (bandwidth !== undefined && bytes.total(start) >= bandwidth(exchange) * 1024)
      refuse("bandwidth", end, now);
    exchange.atEnd.push(() => {
      if (!counts(exchange)) return;
      used.add(start, amount(exchange));
      if (bandwidth !== undefined) bytes.add(start, size(exchange));
    });
    return undefined;
  };
}

function size({ context }: Exchange): number {
  return (context.request.body?.bytes.length ?? 0) + (context.response?.body?.bytes.length ?? 0);
}

function refuse(what: string, end: number, now: number): never {
  const time = Number.isFinite(end) ? timeSpan(end - now) : "an unlimited time";
  throw new PolicyError(403, `Out of ${what} quota. Quota will be replenished in ${time}.`, {
    reason: "QuotaExceeded",
    headers: Number.isFinite(end) ? [["Retry-After", String(wholeSeconds(end - now))]] : [],
  });
}

/** As .NET writes it: `1.02:03:04`. */
function timeSpan(milliseconds: number): string {
  const total = wholeSeconds(milliseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const days = Math.floor(total / 86_400);
  const clock = `${two(Math.floor(total / 3600) % 24)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return days === 0 ? clock : `${days}.${clock}`;
}
