/**
 * ARM's throttling: a bucket of tokens per subscription and kind of request, filled at a steady rate, with what is left in a
 * header (learn.microsoft.com: request-limits-and-throttling).
 */
import { usualAnswers } from "./fault-effects.ts";
import type { Bucket, FaultSettings } from "./fault-file.ts";
import type { Fault, FaultRequest } from "./faults.ts";

type Kind = "reads" | "writes" | "deletes";
type Level = { tokens: number; at: number };

/** What a request gets: the header that says what is left, or 429 with the seconds until there is a token again. */
export function createRateLimit(limits: FaultSettings["rateLimit"]): (request: FaultRequest) => Fault[] {
  const levels = new Map<string, Level>();
  return ({ method, subscriptionId, now }) => {
    const kind = kindOf(method);
    const bucket = limits[kind];
    if (bucket === undefined) return [];
    const key = `${kind} ${subscriptionId.toLowerCase()}`;
    const level = filled(levels.get(key) ?? { tokens: bucket.burst, at: now.getTime() }, bucket, now);
    levels.set(key, level);
    if (level.tokens < 1) return [throttled(kind, level, bucket)];
    level.tokens -= 1;
    return [
      { headers: { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(level.tokens)) } },
    ];
  };
}

function kindOf(method: string): Kind {
  if (method === "DELETE") return "deletes";
  return method === "GET" || method === "HEAD" ? "reads" : "writes";
}

function filled({ tokens, at }: Level, { burst, perSecond }: Bucket, now: Date): Level {
  const seconds = Math.max(0, now.getTime() - at) / 1000;
  return { tokens: Math.min(burst, tokens + seconds * perSecond), at: now.getTime() };
}

/** A bucket that is never filled again asks to come back in an hour. */
function throttled(kind: Kind, { tokens }: Level, { perSecond }: Bucket): Fault {
  const seconds = perSecond === 0 ? 3600 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
  return {
    status: 429,
    code: usualAnswers[429]?.code ?? "",
    message: `Number of ${kind} for the subscription exceeded the limit. Please try again after '${seconds}' seconds.`,
    headers: { "Retry-After": String(seconds), [`x-ms-ratelimit-remaining-subscription-${kind}`]: "0" },
  };
}
