/**
 * The backend section of an operation: retry, fallback, timeout. It holds one policy element at most, as APIM demands.
 * Without any of the three the operation inherits the section, and with it the global `forward-request`.
 */
import { parseDuration } from "../spec/duration.ts";
import type { FallbackSpec, OperationSpec, StatusCodeSpec } from "../spec/schema.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";
import { element } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { unrecorded } from "./element-keys.ts";
import type { WrittenFor } from "./element-keys.ts";
import { expression, integerVariable, statusIn } from "./expressions.ts";

/** A retry with everything decided. */
export type ResolvedRetry = {
  readonly on: readonly StatusCodeSpec[];
  readonly count: number;
  readonly intervalSeconds: number;
};

export type ResolvedFallback = { readonly to: readonly string[]; readonly on: readonly StatusCodeSpec[] };

const throttled: readonly StatusCodeSpec[] = [429];
const passVariable = "apimgw-pass";

/** Both spellings of `fallback` as one. */
export function resolveFallback(fallback: FallbackSpec | undefined): ResolvedFallback | undefined {
  if (fallback === undefined) return undefined;
  if (Array.isArray(fallback)) return { to: fallback, on: throttled };
  return { to: fallback.to, on: fallback.on ?? throttled };
}

/** An explicit `retry`; `retry: true` is decided in pool-retry.ts. */
export function resolveRetry(retry: Exclude<OperationSpec["retry"], true>): ResolvedRetry | undefined {
  if (retry === undefined) return undefined;
  const intervalSeconds = parseDuration(retry.interval ?? 0) / 1000;
  return { on: retry.on ?? throttled, count: retry.count, intervalSeconds };
}

/** The one element of the backend section, or undefined when the section is inherited. */
export function backendSection(
  operation: OperationSpec,
  retry: ResolvedRetry | undefined,
  fallback: ResolvedFallback | undefined,
  writtenFor: WrittenFor = unrecorded,
): PolicyElement | undefined {
  const isResent = retry !== undefined || fallback !== undefined;
  if (!isResent && operation.timeout === undefined) return undefined;
  const forward = forwardRequest(operation.timeout, isResent);
  if (operation.timeout !== undefined) writtenFor(forward, "value", "timeout");
  const inner = retry === undefined ? forward : writtenFor(retryElement(retry, [forward]), "key", "retry");
  if (fallback === undefined) return inner;
  const list = Array.isArray(operation.fallback) ? ["fallback"] : ["fallback", "to"];
  const switches = (when: PolicyElement, index: number) => writtenFor(when, "value", ...list, index);
  return writtenFor(fallbackChain(fallback, inner, switches), "key", "fallback");
}

function forwardRequest(timeout: string | undefined, isResent: boolean): PolicyElement {
  const milliseconds = timeout === undefined ? undefined : parseDuration(timeout);
  const isWhole = milliseconds !== undefined && milliseconds % 1000 === 0;
  return element("forward-request", {
    timeout: isWhole ? String(milliseconds / 1000) : undefined,
    "timeout-ms": milliseconds !== undefined && !isWhole ? String(milliseconds) : undefined,
    // Without it the body is consumed by the first try and the next one goes out empty (service-fabric-issues#346).
    "buffer-request-body": isResent ? "true" : undefined,
  });
}

function retryElement(retry: ResolvedRetry, children: readonly PolicyElement[]): PolicyElement {
  return element(
    "retry",
    {
      condition: expression(statusIn(parseStatusCodes(retry.on))),
      count: String(retry.count),
      interval: String(retry.intervalSeconds),
    },
    children,
  );
}

/**
 * main → to[0] → to[1] …: `count` is the number of targets, so the loop ends at the last. The children run before the
 * condition is first tested, so each pass must know which one it is. With one target the last answer tells: only a second
 * pass sees one of the statuses, unless 200 is among them, which is what stands there before the first call. Otherwise a
 * counter does.
 */
function fallbackChain(
  fallback: ResolvedFallback,
  send: PolicyElement,
  switches: (when: PolicyElement, index: number) => PolicyElement,
): PolicyElement {
  const [only, ...others] = fallback.to;
  const chain = { on: fallback.on, count: fallback.to.length, intervalSeconds: 0 };
  const statuses = parseStatusCodes(fallback.on);
  const isSeenAtFirst = statuses.some(({ min, max }) => min <= 200 && 200 <= max);
  if (only !== undefined && others.length === 0 && !isSeenAtFirst) {
    const when = switches(switchTo(only, statusIn(statuses)), 0);
    return retryElement(chain, [element("choose", {}, [when]), send]);
  }
  const pass = integerVariable(passVariable);
  const count = element("set-variable", { name: passVariable, value: expression(`${pass} + 1`) });
  const whens = fallback.to.map((backend, index) =>
    switches(switchTo(backend, `${pass} == ${index + 2}`), index),
  );
  return retryElement(chain, [count, element("choose", {}, whens), send]);
}

function switchTo(backend: string, condition: string): PolicyElement {
  return element("when", { condition: expression(condition) }, [
    element("set-backend-service", { "backend-id": backend }),
  ]);
}
