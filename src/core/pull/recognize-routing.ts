/** A live backend section → `retry`, `fallback`, `timeout` and `streaming`, the other way round of compile/routing.ts. */
import { base } from "../policy/build.ts";
import { attributeValue, childElement, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { shortDuration } from "../spec/duration.ts";
import type { OperationSpec, StatusCodeSpec } from "../spec/schema.ts";
import { parseStatusCode, writeStatusCode } from "../spec/status-codes.ts";
import type { StatusRange } from "../spec/status-codes.ts";

export type Routing = Pick<OperationSpec, "retry" | "fallback" | "timeout" | "streaming">;

/**
 * What the elements of a backend section seem to say; undefined when they do not look like anything the compiler writes. A
 * guess: whoever asks compiles it and compares.
 */
export function recognizeRouting(elements: readonly PolicyElement[]): Routing | undefined {
  const [only, ...others] = elements;
  if (only === undefined || others.length > 0) return undefined;
  if (only.name === base().name) return {};
  if (only.name === "forward-request") return forwardingOf(only);
  return recognizeFallback(only) ?? recognizeRetry(only);
}

function recognizeRetry(retry: PolicyElement): Routing | undefined {
  const forward = childElement(retry, "forward-request");
  const on = retry.name === "retry" ? statusesIn(attributeValue(retry, "condition") ?? "") : undefined;
  if (forward === undefined || on === undefined) return undefined;
  const interval = Number(attributeValue(retry, "interval"));
  return {
    retry: {
      on: isOnly429(on) ? undefined : on,
      count: Number(attributeValue(retry, "count")),
      interval: interval === 0 ? undefined : interval,
    },
    ...forwardingOf(forward),
  };
}

function recognizeFallback(chain: PolicyElement): Routing | undefined {
  const choose = childElement(chain, "choose");
  const on = chain.name === "retry" ? statusesIn(attributeValue(chain, "condition") ?? "") : undefined;
  if (choose === undefined || on === undefined) return undefined;
  const to = childElements(choose).flatMap((when) => {
    const target = childElement(when, "set-backend-service");
    return (target && attributeValue(target, "backend-id")) ?? [];
  });
  const send = childElements(chain).at(-1);
  if (to.length === 0 || send === undefined) return undefined;
  const inner = send.name === "forward-request" ? forwardingOf(send) : recognizeRetry(send);
  return inner === undefined ? undefined : { ...inner, fallback: isOnly429(on) ? to : { to, on } };
}

function isOnly429(on: readonly StatusCodeSpec[]): boolean {
  return on.length === 1 && on[0] === 429;
}

function forwardingOf(forward: PolicyElement): Pick<Routing, "timeout" | "streaming"> {
  const streams = attributeValue(forward, "buffer-response") === "false";
  return { timeout: timeoutOf(forward), streaming: streams ? true : undefined };
}

function timeoutOf(forward: PolicyElement): string | undefined {
  const seconds = attributeValue(forward, "timeout");
  const milliseconds = attributeValue(forward, "timeout-ms") ?? (seconds && `${seconds}000`);
  return milliseconds !== undefined && /^\d{1,12}$/.test(milliseconds)
    ? shortDuration(Number(milliseconds))
    : undefined;
}

const status = "context\\.Response\\.StatusCode";
const test = new RegExp(`^\\(*${status}==(\\d+)\\)*$`);
const rangeTest = new RegExp(`^\\(*${status}>=(\\d+)&&${status}<=(\\d+)\\)*$`);

/** The statuses of `context.Response.StatusCode == 429 || (…)`, when a condition is nothing else. */
function statusesIn(condition: string): StatusCodeSpec[] | undefined {
  const code = /^@\((.*)\)$/s.exec(condition.trim())?.[1]?.replace(/\s+/g, "");
  const parts = code?.split("||").map((part) => test.exec(part) ?? rangeTest.exec(part));
  const ranges = parts?.flatMap((match): StatusRange[] => {
    const [, min, max = min] = match ?? [];
    return min === undefined ? [] : [{ min: Number(min), max: Number(max) }];
  });
  // Every part must be a test of the status, and of one that there is.
  const codes = ranges?.map(writeStatusCode).filter((each) => parseStatusCode(each) !== undefined);
  return codes?.length === parts?.length ? codes : undefined;
}
