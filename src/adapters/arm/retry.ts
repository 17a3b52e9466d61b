/**
 * Trying again. The SDK's own retry policy is taken out of the pipeline (see pipeline.ts) and this stands in its place, because
 * that one waits as long as a Retry-After says (for Azure OpenAI a day has been seen), sleeps on the machine's clock, tells
 * nobody, and does not know what API Management answers for passing reasons: 409, 412 and 422.
 *
 *   answer                                          tries   wait
 *   429                                             -       Retry-After, else backoff
 *   408, 5xx but 501 and 505                        6       Retry-After, else backoff
 *   connection dropped or name server silent        6       backoff
 *   no answer in time                               2       backoff
 *   409, 422 another change is under way            -       Retry-After, else backoff
 *   422 for another reason                          4       Retry-After, else backoff
 *   412 though no ETag of ours was sent             8       backoff
 *   400 an identity that is not known yet           12      backoff
 *
 * Whatever the tries, no new one begins later than the deadline after the first.
 */
import type { Clock } from "../../core/ports.ts";
import { parseErrorBody } from "./error-body.ts";
import { type ArmAnswer, type ArmRequest, type Exchange, retryAfterMilliseconds } from "./exchange.ts";
import { neverSent } from "./connection-failure.ts";

/** Told before each wait, so that a person knows why it takes longer. */
export type RetryEvent = {
  readonly method: ArmRequest["method"];
  /** ARM path below the service. */
  readonly path: string;
  /** The number of the try that failed; 1 is the first. */
  readonly attempt: number;
  readonly reason: string;
  readonly waitMilliseconds: number;
};

export type RetryOptions = {
  readonly clock: Clock;
  /** Between 0 and 1, for the jitter. */
  readonly random: () => number;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** From the first try of a request to the beginning of its last; five minutes when left out. */
  readonly retryMilliseconds?: number | undefined;
};

/** Whose answers these are: a poll's 409, 412 and 422 are the operation's end, not a reason to poll again. */
export type RetrySubject = {
  readonly request: ArmRequest;
  readonly isPoll?: true;
  /** Ends the waiting between tries. */
  readonly signal?: AbortSignal | undefined;
  /** Interrupted between two tries: the last exchange tells how a write has ended and is returned; else the signal's reason is thrown. */
  readonly keepsLast?: true;
};

export type Retried = {
  readonly exchange: Exchange;
  /** A try whose answer was lost came before: the request may have been carried out already. */
  readonly mayHaveHappened: boolean;
};

type Reason = {
  readonly text: string;
  readonly tries: number;
  readonly waitMilliseconds?: number | undefined;
};

const firstBackoff = 1000;
const longestBackoff = 30_000;
/** An import that holds up a write may well take minutes. */
export const retryMilliseconds = 300_000;

/** Makes tries until one is not worth repeating, the tries are used up or the deadline would pass; the last exchange. */
export async function withRetries(
  attempt: (tries: number) => Promise<Exchange>,
  subject: RetrySubject,
  options: RetryOptions,
): Promise<Retried> {
  const { clock } = options;
  const end = clock.now().getTime() + (options.retryMilliseconds ?? retryMilliseconds);
  let last: Retried = { exchange: await attempt(1), mayHaveHappened: false };
  for (let tries = 1; ; tries += 1) {
    const reason = reasonToRetry(last.exchange, subject, clock);
    if (reason === undefined || tries >= reason.tries) return last;
    const waitMilliseconds = waitBefore(tries, reason, options.random);
    if (clock.now().getTime() + waitMilliseconds > end) return last;
    const { method, path } = subject.request;
    options.onRetry?.({ method, path, attempt: tries, reason: reason.text, waitMilliseconds });
    const exchange = await unlessInterrupted(subject, async () => {
      await clock.sleep(waitMilliseconds, subject.signal);
      return attempt(tries + 1);
    });
    if (exchange === undefined) return last;
    last = { exchange, mayHaveHappened: last.mayHaveHappened || isAnswerLost(last.exchange) };
  }
}

/** Undefined when the signal has ended it and what came before is to be returned. */
async function unlessInterrupted(
  { signal, keepsLast }: RetrySubject,
  work: () => Promise<Exchange>,
): Promise<Exchange | undefined> {
  try {
    return await work();
  } catch (error) {
    if (keepsLast !== true || signal?.aborted !== true) throw error;
    return undefined;
  }
}

function isAnswerLost(exchange: Exchange): boolean {
  return exchange.status === undefined ? !neverSent(exchange.code) : exchange.status >= 500;
}

/**
 * Backoff doubles, three quarters of it by chance, so that requests refused together do not come back together. A Retry-After
 * is kept to; one that has proved too short is stretched.
 */
function waitBefore(tries: number, { waitMilliseconds }: Reason, random: () => number): number {
  const backoff = Math.min(firstBackoff * 2 ** (tries - 1), longestBackoff);
  if (waitMilliseconds === undefined) return Math.round(backoff * (0.25 + 0.75 * random()));
  return Math.round(Math.max(waitMilliseconds, tries > 3 ? backoff / 4 : 0) + random() * firstBackoff * 0.2);
}

function reasonToRetry(exchange: Exchange, subject: RetrySubject, clock: Clock): Reason | undefined {
  if (exchange.status === undefined)
    return exchange.isOutcome === true ? undefined : connectionReason(exchange.code);
  if (exchange.status < 400) return undefined;
  const transport = exchange.isOutcome === true ? undefined : statusReason(exchange, clock);
  if (transport !== undefined) return transport;
  return subject.isPoll === true ? undefined : passingReason(exchange, subject.request, clock);
}

function connectionReason(code: string): Reason | undefined {
  if (code === "TIMEOUT") return { text: "no answer came in time", tries: 2 };
  if (code === "EAI_AGAIN") return { text: "the name server does not answer", tries: 6 };
  const dropped = ["ECONNRESET", "ETIMEDOUT", "EPIPE", "PARSE_ERROR"];
  return dropped.includes(code) ? { text: "the connection was dropped", tries: 6 } : undefined;
}

function statusReason(answer: ArmAnswer, clock: Clock): Reason | undefined {
  const waitMilliseconds = retryAfterMilliseconds(answer, clock.now());
  if (answer.status === 429) return { text: "too many requests (429)", tries: Infinity, waitMilliseconds };
  const isServerError = answer.status >= 500 && answer.status !== 501 && answer.status !== 505;
  if (!isServerError && answer.status !== 408) return undefined;
  return { text: `the service answered ${answer.status}`, tries: 6, waitMilliseconds };
}

/**
 * What API Management answers while another write is under way (azurerm#8571, apiops#497, azure-rest-api-specs examples), and what Azure
 * answers to a role assignment as long as a new identity has not reached all of its directories
 * (learn.microsoft.com/azure/role-based-access-control/troubleshooting).
 */
function passingReason(answer: ArmAnswer, request: ArmRequest, clock: Clock): Reason | undefined {
  const waitMilliseconds = retryAfterMilliseconds(answer, clock.now());
  switch (answer.status) {
    case 400: {
      const isUnknown = parseErrorBody(answer.text).code === "PrincipalNotFound";
      return isUnknown ? { text: "the identity is not known everywhere yet (400)", tries: 12 } : undefined;
    }
    case 409: {
      const busy = { text: "another change is under way (409)", tries: Infinity, waitMilliseconds };
      return isPassingConflict(answer) ? busy : undefined;
    }
    case 412:
      return hasOwnCondition(request) ? undefined : { text: "another write came between (412)", tries: 8 };
    case 422: {
      const tries = isPassingConflict(answer) ? Infinity : 4;
      return { text: "the service is still busy (422)", tries, waitMilliseconds };
    }
    default:
      return undefined;
  }
}

function isPassingConflict(answer: ArmAnswer): boolean {
  const { code, message } = parseErrorBody(answer.text);
  if (code === "PessimisticConcurrencyConflict" || code === "ManagementApiRequestFailed") return true;
  return /operation on the api is in progress|is transitioning at this time/i.test(message);
}

/** An ETag, or "must not exist": a 412 then means what it says. */
function hasOwnCondition({ headers = {} }: ArmRequest): boolean {
  return headers["If-None-Match"] !== undefined || (headers["If-Match"] ?? "*") !== "*";
}
