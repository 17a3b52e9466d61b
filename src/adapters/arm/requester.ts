import type { Clock } from "../../core/ports.ts";
import { limitConcurrency } from "../limit-concurrency.ts";
import type { ArmRequest, Exchange } from "./exchange.ts";
import { followToEnd } from "./long-running.ts";
import { createPace } from "./pace.ts";
import type { ResourceUrls } from "./resource-url.ts";
import { type Retried, type RetryEvent, withRetries } from "./retry.ts";
import type { Transport } from "./transport.ts";

const readsAtOnce = 32;

export type RequesterOptions = {
  readonly transport: Transport;
  readonly urls: ResourceUrls;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  readonly retryMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type ReadOptions = {
  /** Goes before other reads: these wait for it. */
  readonly isFirst?: boolean;
};

/** Requests with all that belongs to one: the place in the line, tries, and the way to the end of a long-running operation. */
export type Requester = {
  /** Callers may start thousands side by side. */
  read(request: ArmRequest, options?: ReadOptions): Promise<Retried>;
  /** A read that an interruption does not end; it is not tried again after one. */
  readAfterWrite(request: ArmRequest, options?: ReadOptions): Promise<Retried>;
  /**
   * Ends with the operation's outcome. A passing conflict is answered by sending the write again, also when it showed in a poll. An
   * interruption ends the waiting between tries: the last answer is how it ended. Throws its reason when nothing has been sent yet.
   */
  write(request: ArmRequest): Promise<Retried>;
  /** How often requests were sent again, by reason. */
  retried(): Readonly<Record<string, number>>;
};

export function createRequester(options: RequesterOptions): Requester {
  const { transport, signal, clock } = options;
  const limited = limitConcurrency(readsAtOnce);
  const pace = createPace(clock);
  const counts = new Map<string, number>();
  const retries = {
    ...options,
    onRetry: (event: RetryEvent): void => {
      counts.set(event.reason, (counts.get(event.reason) ?? 0) + 1);
      options.onRetry?.(event);
    },
  };
  const send = (request: ArmRequest, ending?: AbortSignal): Promise<Exchange> =>
    pace.paced(request, () => transport.send(request, ending), ending);
  // A read that waits for another try has no place among those under way, and goes first when it comes back.
  const sendInTurn = (
    request: ArmRequest,
    options: ReadOptions & { readonly tries: number; readonly ending?: AbortSignal | undefined },
  ): Promise<Exchange> =>
    limited(() => send(request, options.ending), { isFirst: options.isFirst === true || options.tries > 1 });
  const poll = async (request: ArmRequest): Promise<Exchange> =>
    (await withRetries(() => send(request), { request, isPoll: true }, retries)).exchange;
  const sendAndFollow = async (request: ArmRequest): Promise<Exchange> => {
    signal?.throwIfAborted();
    const first = await pace.paced(request, () => transport.send(request), signal);
    if (first.status === undefined) return first;
    return followToEnd(first, request, { clock, poll, follow: options.urls.follow });
  };
  return {
    read: (request, more) =>
      withRetries(
        (tries) => sendInTurn(request, { ...more, tries, ending: signal }),
        { request, signal },
        retries,
      ),
    readAfterWrite: (request, more) =>
      withRetries(
        (tries) => sendInTurn(request, { ...more, tries }),
        { request, signal, keepsLast: true },
        retries,
      ),
    write: (request) =>
      withRetries(() => sendAndFollow(request), { request, signal, keepsLast: true }, retries),
    retried: () => Object.fromEntries(counts),
  };
}
