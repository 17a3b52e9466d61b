/** What becomes of the request's body when it is sent, and sent again. */
import type { Exchange } from "./exchange.ts";
import type { MessageBody } from "./message.ts";

/**
 * The body of the next call. A body that streams through is gone with the first attempt, and the second goes out without
 * (service-fabric-issues#346); one that is buffered, set or read by a policy is kept. One that an expression has consumed is empty.
 */
export function outgoingBody(exchange: Exchange, isBuffered: boolean): MessageBody | null {
  const { body } = exchange.context.request;
  if (body === null || body.isConsumed || exchange.isBodySpent) return null;
  if (!isBuffered && !exchange.isBodyKept) exchange.isBodySpent = true;
  return body;
}
