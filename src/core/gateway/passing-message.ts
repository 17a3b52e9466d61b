/** The message that a section's policies change, read and replaced whole. */
import type { GatewayRequest, GatewayResponse } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { createBody } from "./message.ts";
import type { SectionName } from "../spec/schema.ts";

/** The message that a section's policies change: what comes back in outbound and on-error, else what goes out. */
export function changesResponse(section: string): boolean {
  return section === "outbound" || section === "on-error";
}

/** What comes back in outbound and on-error, else what goes out; null for an answer that there is not. */
export function passingMessage(
  { context }: Exchange,
  section: SectionName,
): GatewayRequest | GatewayResponse | null {
  return changesResponse(section) ? context.response : context.request;
}

/** Its body as text; undefined when there is none, or when an expression has consumed it. */
export function passingText(exchange: Exchange, section: SectionName): string | undefined {
  const body = passingMessage(exchange, section)?.body ?? null;
  if (body === null || body.isConsumed || body.bytes.length === 0) return undefined;
  return new TextDecoder().decode(body.bytes);
}

/** Gives the message another body, of another kind. Its length is no longer what it was. */
export function replaceBody(exchange: Exchange, section: SectionName, text: string, type: string): void {
  const message = passingMessage(exchange, section);
  if (message === null) return;
  message.body = createBody(text);
  message.headers.delete("Content-Length");
  message.headers.set("Content-Type", [type]);
  if (message === exchange.context.request) {
    exchange.isBodyKept = true;
    exchange.isBodySpent = false;
  }
}
