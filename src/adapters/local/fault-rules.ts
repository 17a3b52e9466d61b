/** From a file of faults to the hook that the local APIM asks. Everything in it depends on the order of the requests alone. */
import type { FaultMatch, FaultRule, FaultSettings } from "./fault-file.ts";
import type { Fault, FaultHook, FaultRequest } from "./faults.ts";
import { createRateLimit } from "./rate-limit.ts";

/**
 * The hook of a file of faults: latency and rate limit for every request, then the rules. Each rule counts the requests that
 * match it, whatever the others do, and draws its own random numbers, so that one more rule does not change the rest.
 */
export function createFaults({ seed, latency, rateLimit, rules }: FaultSettings): FaultHook {
  const limit = createRateLimit(rateLimit);
  const draw = randomNumbers(seed);
  const hooks = rules.map((rule, index) => createRule(rule, randomNumbers(seed + index + 1)));
  return (request) => {
    const delay = latency.min + draw() * (latency.max - latency.min);
    const slow: Fault[] = delay > 0 ? [{ delay, when: "before" }] : [];
    return [...slow, ...limit(request), ...hooks.flatMap((hook) => hook(request))];
  };
}

function createRule(
  { match, faults }: FaultRule,
  draw: () => number,
): (request: FaultRequest) => readonly Fault[] {
  const path = match.path === undefined ? undefined : pathPattern(match.path);
  let seen = 0;
  let done = 0;
  return (request) => {
    if (!isAbout(match, path, request)) return [];
    seen += 1;
    const isDrawn = match.probability === undefined || draw() < match.probability;
    const isCounted = match.nth?.includes(seen) !== false && seen % (match.every ?? 1) === 0;
    if (!isDrawn || !isCounted || done >= (match.times ?? Infinity)) return [];
    done += 1;
    return faults;
  };
}

function isAbout(
  match: FaultMatch,
  path: RegExp | undefined,
  { method, path: sent, query }: FaultRequest,
): boolean {
  if (match.methods?.includes(method) === false) return false;
  if (match.poll !== undefined && match.poll !== query.has("asyncId")) return false;
  return path?.test(sent) !== false;
}

/** ARM paths are case-insensitive. */
function pathPattern(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${source}$`, "i");
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
