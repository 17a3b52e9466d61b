/** Answers on their way to the client, no faster than it takes them. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { GatewayAnswer } from "../../core/gateway/answer.ts";
import type { HeaderMap } from "../../core/gateway/message.ts";
import { connectionHeaders } from "./http-call.ts";
import { StreamedBody } from "./streamed-body.ts";

/** How long a client may take nothing of an answer that waits for it. */
const longestStall = 30_000;

/** What became of the body: all of it was written, or whose fault it was that not. */
export type Delivered = "whole" | "cut by the client" | "cut by the backend";

/** Writes the answer. Never rejects: when the client is gone there is nobody to tell. */
export async function writeAnswer(
  response: ServerResponse,
  answer: GatewayAnswer,
  signal: AbortSignal,
): Promise<Delivered> {
  const { body } = answer;
  const method = response.req.method ?? "GET";
  const hasBody = method !== "HEAD" && ![204, 205, 304].includes(answer.status);
  const headers = outgoing(answer.headers);
  if (body instanceof StreamedBody) {
    if (hasBody) return stream(response, answer, body, headers, signal);
    body.cancel();
  }
  const bytes = body === null || body instanceof StreamedBody ? undefined : body.bytes;
  if (hasBody) headers["Content-Length"] = String(bytes?.length ?? 0);
  writeHead(response, answer, headers);
  response.end(hasBody ? bytes : undefined);
  return "whole";
}

async function stream(
  response: ServerResponse,
  answer: GatewayAnswer,
  body: StreamedBody,
  headers: Record<string, string | string[]>,
  signal: AbortSignal,
): Promise<Delivered> {
  const length = answer.headers.get("Content-Length")?.[0];
  if (length !== undefined) headers["Content-Length"] = length;
  writeHead(response, answer, headers);
  // Who waits for events is told at once that there will be some; else headers and body travel together.
  if (length === undefined) response.flushHeaders();
  try {
    for await (const part of body.parts()) {
      if (response.destroyed) return "cut by the client";
      if (!response.write(part)) await drained(response, signal);
    }
    response.end();
    return response.destroyed ? "cut by the client" : "whole";
  } catch {
    const isClient = signal.aborted || response.destroyed;
    // An answer that ends early must not look whole.
    response.destroy();
    return isClient ? "cut by the client" : "cut by the backend";
  } finally {
    body.cancel();
  }
}

/** Rejects when the client takes nothing for too long, or leaves. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const timer = setTimeout(() => response.destroy(new Error("the client takes nothing")), longestStall);
  try {
    await once(response, "drain", { signal });
  } finally {
    clearTimeout(timer);
  }
}

function outgoing(headers: HeaderMap): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const { name, values } of headers.entries()) {
    const key = name.toLowerCase();
    if (connectionHeaders.has(key) || key === "content-length") continue;
    const [only = "", ...more] = values;
    out[name] = more.length === 0 ? only : [...values];
  }
  return out;
}

function writeHead(
  response: ServerResponse,
  { status, reason }: GatewayAnswer,
  headers: Record<string, string | string[]>,
): void {
  try {
    response.writeHead(status, reason === "" ? undefined : reason, headers);
  } catch {
    // A policy has set what no header or status may be; the service would not send it either.
    response.writeHead(500, { "Content-Type": "application/json", "Content-Length": "0" });
  }
}
