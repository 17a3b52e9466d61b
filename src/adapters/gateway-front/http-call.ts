/** Calls to backends on this machine, over HTTP. */
import { Agent, request as httpRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";
import type {
  AnswerUse,
  CallAnswer,
  CallFailure,
  CallResult,
  OutgoingCall,
} from "../../core/gateway/exchange.ts";
import { createBody, HeaderMap, parseUrl, printUrl } from "../../core/gateway/message.ts";
import type { GatewayUrl } from "../../core/gateway/message.ts";
import { inPieces } from "./in-pieces.ts";
import { readParts } from "./read-parts.ts";
import { StreamedBody } from "./streamed-body.ts";

/** An answer that is read as a whole may be this long. */
const mostBytes = 64 * 1024 * 1024;
const shortAnswer = 64 * 1024;
const mostRedirects = 10;
const longestTimer = 2 ** 31 - 1;

/** Headers of one connection, not of a message that is passed on. */
export const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** True for addresses of this machine. */
export function isLoopback({ host }: GatewayUrl): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

export class HttpCaller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1024 });
  readonly #secureAgent = new SecureAgent({ keepAlive: true, maxSockets: 1024 });

  /**
   * Sends the call. `gatewayHost` is what the client called the gateway: the backend is not told that name. Rejects with the
   * signal's reason when it is aborted; everything else that goes wrong is a result.
   */
  async send(call: OutgoingCall, gatewayHost: string, signal: AbortSignal): Promise<CallResult> {
    const left = new AbortController();
    const patience = Math.min(Math.max(1, call.timeoutMilliseconds), longestTimer);
    const timer = setTimeout(() => left.abort(), patience);
    let { url, method } = call;
    try {
      for (let redirects = 0; ; redirects += 1) {
        const response = await this.#headersOf({ ...call, url, method }, gatewayHost, signal, left.signal);
        const next = call.followsRedirects ? redirectTo(response, url) : undefined;
        if (next === undefined) clearTimeout(timer);
        if (next === undefined || redirects >= mostRedirects) return await answerOf(response, call);
        response.resume();
        if (response.statusCode === 303) method = "GET";
        url = next;
      }
    } catch (error) {
      signal.throwIfAborted();
      return left.signal.aborted ? timedOut : failed(error);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }

  #headersOf(
    call: OutgoingCall,
    gatewayHost: string,
    signal: AbortSignal,
    left: AbortSignal,
  ): Promise<IncomingMessage> {
    const { url, method, body } = call;
    const isSecure = url.scheme === "https";
    const options: RequestOptions = {
      method,
      host: url.host.replace(/^\[|\]$/g, ""),
      port: url.port,
      path: url.path + url.queryString,
      agent: isSecure ? this.#secureAgent : this.#agent,
      headers: outgoingHeaders(call, gatewayHost),
    };
    return new Promise((resolve, reject) => {
      const request = (isSecure ? httpsRequest : httpRequest)(options);
      const giveUp = (): void => void request.destroy(new Error("given up"));
      const settle = (): void => left.removeEventListener("abort", giveUp);
      left.addEventListener("abort", giveUp);
      signal.addEventListener("abort", giveUp);
      request.once("close", () => {
        settle();
        signal.removeEventListener("abort", giveUp);
      });
      request.once("response", (response) => {
        settle();
        resolve(response);
      });
      request.on("error", reject);
      request.end(method === "GET" || method === "HEAD" ? undefined : body?.bytes);
    });
  }
}

const timedOut: CallFailure = {
  kind: "failed",
  reason: "Timeout",
  message: "Request to the backend service timed out",
};

function failed(error: unknown): CallFailure {
  const message = error instanceof Error && error.message !== "" ? error.message : "connection failed";
  return { kind: "failed", reason: "BackendConnectionFailure", message };
}

function outgoingHeaders(call: OutgoingCall, gatewayHost: string): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const { name, values } of call.headers.entries()) {
    const key = name.toLowerCase();
    if (connectionHeaders.has(key) || key === "content-length" || key === "expect") continue;
    if (key === "host" && values[0] === gatewayHost) continue;
    // Who reads an answer wants text.
    if (key === "accept-encoding" && call.answerUse !== "none") continue;
    headers[name] = key === "host" ? (values[0] ?? "") : [...values];
  }
  const length = call.body?.bytes.length ?? 0;
  if (length > 0 || (call.method !== "GET" && call.method !== "HEAD"))
    headers["Content-Length"] = String(length);
  return headers;
}

/** Only to addresses of this machine. */
function redirectTo({ statusCode = 0, headers }: IncomingMessage, from: GatewayUrl): GatewayUrl | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
  if (!URL.canParse(headers.location, printUrl(from))) return undefined;
  const to = parseUrl(new URL(headers.location, printUrl(from)).href);
  return to !== undefined && isLoopback(to) ? to : undefined;
}

async function answerOf(
  response: IncomingMessage,
  { answerUse, buffersResponse }: OutgoingCall,
): Promise<CallAnswer> {
  const { statusCode: status = 502, statusMessage: reason = "" } = response;
  const headers = headersFrom(response.rawHeaders);
  const answer = { kind: "answered" as const, status, reason, headers };
  if (passes(status, headers, answerUse)) {
    const isBuffered = buffersResponse && !headers.has("Content-Length");
    const source = isBuffered ? inPieces(response) : response;
    return { ...answer, body: new StreamedBody(source, () => void response.destroy()) };
  }
  const bytes = await readWhole(response);
  headers.delete("Content-Length");
  return { ...answer, body: bytes.length === 0 ? null : createBody(bytes) };
}

/**
 * An error may be followed by another attempt: it is read, so that its connection is free again. What is short is read since that
 * is quicker.
 */
function passes(status: number, headers: HeaderMap, use: AnswerUse): boolean {
  if (status >= 300 || status === 204 || use === "content") return false;
  if (Number(headers.get("Content-Length")?.[0] ?? Infinity) <= shortAnswer) return false;
  return use === "none" || (headers.get("Content-Type")?.[0] ?? "").startsWith("text/event-stream");
}

async function readWhole(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  await readParts(response, (part) => {
    size += part.length;
    parts.push(part);
    return size <= mostBytes;
  });
  if (size <= mostBytes) return Buffer.concat(parts);
  response.destroy();
  throw new Error(`the answer is longer than ${mostBytes} bytes, and a policy reads it`);
}

/** Headers as they came: pairs in one list. */
export function headersFrom(raw: readonly string[]): HeaderMap {
  const headers = new HeaderMap();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  return headers;
}
