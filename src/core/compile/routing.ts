/**
 * The backend section of an operation: retry, fallback, timeout. It holds one policy element at most, as APIM demands.
 * Without any of the three the operation inherits the section, and with it the global `forward-request`.
 */
import { parseDuration } from "../spec/duration.ts";
import type { FallbackSpec, OperationSpec, StatusCodeSpec } from "../spec/schema.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";
import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { unrecorded } from "./element-keys.ts";
import type { WrittenFor } from "./element-keys.ts";
import { expression, integerVariable, statusIn, stringLiteral } from "./expressions.ts";
import { passesOf } from "./hops.ts";
import type { Hop, Target } from "./hops.ts";

/** A retry with everything decided. */
export type ResolvedRetry = {
  readonly on: readonly StatusCodeSpec[];
  readonly count: number;
  readonly intervalSeconds: number;
};

export type ResolvedFallback = { readonly to: readonly string[]; readonly on: readonly StatusCodeSpec[] };

const throttled: readonly StatusCodeSpec[] = [429];
/** The most that `retry` takes (learn.microsoft.com/azure/api-management/retry-policy). */
export const mostRetries = 50;
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

/** What the backend section is made of. */
export type SectionParts = {
  readonly retry: ResolvedRetry | undefined;
  readonly fallback: ResolvedFallback | undefined;
  readonly timeout: string | undefined;
  /** Whether answers pass as they come. */
  readonly streams: boolean;
  /** The way of a call, the first stage among them; inbound has set it unless its targets take turns. */
  readonly hops: readonly Hop[];
  /** Where the spec lists the targets behind the first. */
  readonly list: readonly string[];
};

/** The one element of the backend section, or undefined when the section is inherited. */
export function backendSection(
  { retry, fallback, timeout, streams, hops, list }: SectionParts,
  writtenFor: WrittenFor = unrecorded,
): PolicyElement | undefined {
  const hasChain = fallback !== undefined && passesOf(hops) > 1;
  const isResent = retry !== undefined || hasChain;
  if (!isResent && timeout === undefined && !streams) return undefined;
  const forward = forwardRequest({ timeout, isResent, streams });
  if (timeout !== undefined) writtenFor(forward, "value", "timeout");
  const inner = retry === undefined ? forward : writtenFor(retryElement(retry, [forward]), "key", "retry");
  if (!hasChain) return inner;
  const switches = (when: PolicyElement, index: number) => writtenFor(when, "value", ...list, index);
  return writtenFor(fallbackChain(fallback.on, hops, inner, switches), "key", "fallback");
}

type Forwarding = {
  readonly timeout: string | undefined;
  readonly isResent: boolean;
  readonly streams: boolean;
};

function forwardRequest({ timeout, isResent, streams }: Forwarding): PolicyElement {
  const milliseconds = timeout === undefined ? undefined : parseDuration(timeout);
  const isWhole = milliseconds !== undefined && milliseconds % 1000 === 0;
  return element("forward-request", {
    timeout: isWhole ? String(milliseconds / 1000) : undefined,
    "timeout-ms": milliseconds !== undefined && !isWhole ? String(milliseconds) : undefined,
    // Without it the body is consumed by the first try and the next one goes out empty (service-fabric-issues#346).
    "buffer-request-body": isResent ? "true" : undefined,
    // By default chunked answers pass in pieces of 8 KB (learn.microsoft.com/azure/api-management/how-to-server-sent-events).
    "buffer-response": streams ? "false" : undefined,
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
 * main → to[0] → to[1] …: one pass for each target, so the loop ends at the last. The children run before the
 * condition is first tested, so each pass must know which one it is. With one target the last answer tells: only a second
 * pass sees one of the statuses, unless 200 is among them, which is what stands there before the first call. Otherwise a
 * counter does.
 */
function fallbackChain(
  on: readonly StatusCodeSpec[],
  hops: readonly Hop[],
  send: PolicyElement,
  switches: (when: PolicyElement, index: number) => PolicyElement,
): PolicyElement {
  const chain = { on, count: Math.min(mostRetries, passesOf(hops) - 1), intervalSeconds: 0 };
  const statuses = parseStatusCodes(on);
  const isSeenAtFirst = statuses.some(({ min, max }) => min <= 200 && 200 <= max);
  const [first, second, ...others] = hops;
  const [only, ...turns] = second?.targets ?? [];
  const isPair = first?.targets.length === 1 && others.length === 0 && turns.length === 0;
  if (isPair && only !== undefined && !isSeenAtFirst) {
    const when = switches(switchTo(only, statusIn(statuses)), 0);
    return retryElement(chain, [element("choose", {}, [when]), send]);
  }
  const count = element("set-variable", {
    name: passVariable,
    value: expression(`${integerVariable(passVariable)} + 1`),
  });
  return retryElement(chain, [count, element("choose", {}, switchesOf(hops, switches)), send]);
}

/** A `when` for each target but the one that inbound has set. */
function switchesOf(
  hops: readonly Hop[],
  switches: (when: PolicyElement, index: number) => PolicyElement,
): PolicyElement[] {
  const pass = integerVariable(passVariable);
  return hops.flatMap(({ targets, turn }, index) => {
    const before = passesOf(hops.slice(0, index));
    if (turn === undefined) {
      const whens = targets.map((target) => switchTo(target, `${pass} == ${before + 1}`));
      return index === 0 ? [] : whens.map((when) => switches(when, index - 1));
    }
    const isHere =
      hops.length === 1 ? "" : `${pass} > ${before} && ${pass} <= ${before + targets.length} && `;
    const ordinal = `(${integerVariable(turn.variable)} + ${pass} - ${before + 1}) % ${targets.length}`;
    return targets.map((target, at) => switchTo(target, `${isHere}${ordinal} == ${at}`));
  });
}

function switchTo(target: Target, condition: string): PolicyElement {
  return element("when", { condition: expression(condition) }, [
    element("set-backend-service", { "backend-id": target.id }),
    ...(target.model === undefined ? [] : [setModel(target.model)]),
  ]);
}

/** Puts another name into the body's `model`; everything else in it stays, in its order. */
export function setModel(model: string): PolicyElement {
  const code =
    "var body = context.Request.Body.As<JObject>(preserveContent: true); " +
    `body["model"] = ${stringLiteral(model)}; return body.ToString(Newtonsoft.Json.Formatting.None);`;
  return element("set-body", {}, [text(`@{ ${code} }`)]);
}
