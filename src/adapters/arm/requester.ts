import type { Clock } from "../../core/ports.ts";
import { limitConcurrency } from "../limit-concurrency.ts";
import type { ArmRequest, Exchange } from "./exchange.ts";
import { followToEnd } from "./long-running.ts";
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
  readonly signal?: AbortSignal | undefined;
};

/** Requests with all that belongs to one: the place in the line, tries, and the way to the end of a long-running operation. */
export type Requester = {
  /** Callers may start thousands side by side. */
  read(request: ArmRequest): Promise<Retried>;
  /** Ends with the operation's outcome. A passing conflict is answered by sending the write again, also when it showed in a poll. */
  write(request: ArmRequest): Promise<Retried>;
};

export function createRequester(options: RequesterOptions): Requester {
  const { transport, signal, clock } = options;
  const limited = limitConcurrency(readsAtOnce);
  const poll = async (request: ArmRequest): Promise<Exchange> => {
    const retried = await withRetries(() => transport.send(request), { request, isPoll: true }, options);
    return retried.exchange;
  };
  const sendAndFollow = async (request: ArmRequest): Promise<Exchange> => {
    signal?.throwIfAborted();
    const first = await transport.send(request);
    if (first.status === undefined) return first;
    return followToEnd(first, request, { clock, poll, follow: options.urls.follow });
  };
  return {
    read: (request) =>
      limited(() => withRetries(() => transport.send(request, signal), { request, signal }, options)),
    write: (request) => withRetries(() => sendAndFollow(request), { request, signal }, options),
  };
}
