import { startsAsExpression } from "../../policy/expression/scan.ts";
import { attributeValue } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { flagReader, numberReader, requiredNumber, requiredText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { wholeSeconds, windowOf } from "../counters.ts";
import { perSubscription } from "../subscription-limits.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { PolicyError } from "../policy-error.ts";

export const rateLimitByKey: PolicyRunner = {
  name: "rate-limit-by-key",
  fidelity: {
    level: "full",
    notes: [
      ["Sliding window; 429 with Retry-After beyond `calls`.", "documented"],
      [
        "An increment condition or count that is an expression is evaluated when the answer is known.",
        "documented",
      ],
      ["Counters are kept per gateway instance.", "documented"],
    ],
  },
  prepare: (element) => rateLimit(element, requiredText(element, "counter-key")),
};

/** The limit by subscription: without one, nothing is counted. */
export const rateLimitBySubscription: PolicyRunner = {
  name: "rate-limit",
  fidelity: {
    level: "full",
    notes: [
      [
        "Counts per subscription, in a sliding window; calls without a subscription are not counted.",
        "documented",
      ],
      ["Limits for single APIs and operations count beside the one for all.", "documented"],
    ],
  },
  prepare: (element, { scope }) => perSubscription(element, scope, rateLimit),
};

function rateLimit(element: PolicyElement, key: Reader<string>): Policy {
  const calls = requiredNumber(element, "calls");
  const period = requiredNumber(element, "renewal-period");
  const counts = flagReader(element, "increment-condition", true);
  const amount = numberReader(element, "increment-count") ?? (() => 1);
  const isLate = ["increment-condition", "increment-count"].some((name) =>
    startsAsExpression(attributeValue(element, name) ?? ""),
  );
  const names = readNames(element);
  return (exchange) => {
    const seconds = period(exchange);
    const window = windowOf(exchange.instance, `${element.name}|${seconds}|${key(exchange)}`, seconds * 1000);
    const most = calls(exchange);
    const now = exchange.now();
    const used = window.total(now);
    note(exchange, () => `${used} of ${most} calls in ${seconds} s`);
    if (used >= most) {
      refuse(exchange, wholeSeconds(window.waitUntilAtMost(most - 1, now)), names);
    }
    const count = (): void => {
      if (counts(exchange)) window.add(exchange.now(), amount(exchange));
    };
    if (isLate) exchange.atEnd.push(count);
    else count();
    tell(exchange, most, Math.max(0, most - window.total(now)), names);
    return undefined;
  };
}

type Names = Readonly<Record<string, string | undefined>>;

function readNames(element: PolicyElement): Names {
  return Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
}

function refuse({ context }: Exchange, seconds: number, names: Names): never {
  const variable = names["retry-after-variable-name"];
  if (variable !== undefined) context.variables.set(variable, seconds);
  throw new PolicyError(429, `Rate limit is exceeded. Try again in ${seconds} seconds.`, {
    reason: "RateLimitExceeded",
    headers: [[names["retry-after-header-name"] ?? "Retry-After", String(seconds)]],
  });
}

function tell({ context, atEnd }: Exchange, total: number, remaining: number, names: Names): void {
  const variable = names["remaining-calls-variable-name"];
  if (variable !== undefined) context.variables.set(variable, remaining);
  const headers = [
    [names["remaining-calls-header-name"], remaining],
    [names["total-calls-header-name"], total],
  ] as const;
  for (const [header, value] of headers) {
    if (header !== undefined) atEnd.push(() => context.response?.headers.set(header, [String(value)]));
  }
}
