/** One request to the management API, as sent; `path` names the resource for people. */
export type ArmRequest = {
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  readonly url: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type ArmAnswer = {
  readonly status: number;
  /** A header's value; the name in any case. */
  header(name: string): string | undefined;
  readonly text: string;
  /** This is how a long-running operation ended, not an answer to the request itself: sending again would start it anew. */
  readonly isOutcome?: true;
};

/** The request got no complete answer: the connection could not be made, was dropped, or nothing came in time. */
export type NoAnswer = {
  readonly status: undefined;
  /** Node's or OpenSSL's error code, such as `ECONNRESET`; `TIMEOUT` when our own deadline passed. */
  readonly code: string;
  /** The error's own text. */
  readonly text: string;
  readonly isOutcome?: true;
};

export type Exchange = ArmAnswer | NoAnswer;

/** Seconds or an HTTP date in Retry-After, in milliseconds from `now`; also the headers that say milliseconds. */
export function retryAfterMilliseconds(answer: ArmAnswer, now: Date): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const given = toNumber(answer.header(name));
    if (given !== undefined) return given;
  }
  const given = answer.header("retry-after");
  const seconds = toNumber(given);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(given ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
