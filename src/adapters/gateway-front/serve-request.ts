/** One request from the client's bytes to the line in the journal. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createBody, parseUrl } from "../../core/gateway/message.ts";
import { errorBody } from "../../core/gateway/policy-error.ts";
import type { GatewayHost } from "./gateway-host.ts";
import { headersFrom } from "./http-call.ts";
import { answerFacts } from "./journal.ts";
import type { Journal, RequestEntry } from "./journal.ts";
import { mostBodyBytes } from "./request-body.ts";
import type { BodyRoom, ReadBody } from "./request-body.ts";
import { writeAnswer } from "./write-answer.ts";

export type FrontParts = {
  readonly host: GatewayHost;
  readonly journal: Journal;
  readonly room: BodyRoom;
  /** Why nothing is served, where nothing is. */
  readonly whyNothing: () => string;
  /** What ends the requests under way. */
  readonly underWay: Set<AbortController>;
};

/** How long a refused body may go on coming before its connection is cut. */
const drainMilliseconds = 5_000;

/** Never rejects. */
export async function serveRequest(
  parts: FrontParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { journal, room, underWay } = parts;
  const at = Date.now();
  const started = performance.now();
  const number = journal.nextNumber();
  const over = new AbortController();
  const { signal } = over;
  underWay.add(over);
  response.once("close", () => {
    if (!response.writableFinished) over.abort(new Error("the client has left"));
  });
  let outcome: Outcome = nothingKnown;
  let release = (): void => undefined;
  try {
    const reading = await room.read(request);
    release = reading.release;
    outcome = await answerRequest(parts, request, response, reading.body, signal);
  } catch (error) {
    if (!signal.aborted && !request.destroyed) outcome = fail(response, error);
  } finally {
    release();
    underWay.delete(over);
  }
  journal.add({
    number,
    at,
    milliseconds: Math.round(performance.now() - started),
    method: request.method ?? "GET",
    path: request.url ?? "/",
    ...outcome,
  });
}

type Outcome = Omit<RequestEntry, "number" | "at" | "milliseconds" | "method" | "path">;

const nothingKnown: Outcome = {
  status: null,
  cut: null,
  backend: null,
  region: null,
  instance: null,
  attempts: [],
  error: null,
  refusal: null,
  recorded: [],
  trace: [],
};

async function answerRequest(
  { host, whyNothing }: FrontParts,
  request: IncomingMessage,
  response: ServerResponse,
  body: ReadBody,
  signal: AbortSignal,
): Promise<Outcome> {
  if (body.kind !== "read") return refuseBody(request, response, body.kind);
  const { served } = host;
  if (served === undefined) return answerOwn(response, 503, whyNothing());
  const gatewayHost = request.headers.host ?? "";
  const url = parseUrl(targetOf(request.url ?? "/", gatewayHost));
  if (url === undefined) return answerOwn(response, 400, "The address of the request is not valid.");
  const answer = await host.answer(
    served,
    {
      method: request.method ?? "GET",
      url,
      headers: headersFrom(request.rawHeaders),
      body: body.bytes.length === 0 ? null : createBody(body.bytes),
      ipAddress: (request.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
    },
    gatewayHost,
    signal,
  );
  const delivered = await writeAnswer(response, answer, signal);
  const cut = {
    whole: null,
    "cut by the client": "by the client",
    "cut by the backend": "by the backend",
  } as const;
  const instance = served.gateway.instances.length > 1 ? answer.instance : null;
  return { ...answerFacts(answer), instance, status: answer.status, cut: cut[delivered] };
}

/** Clients may send the whole address in place of the path. */
function targetOf(target: string, host: string): string {
  return /^https?:\/\//i.test(target) ? target : `http://${host}${target}`;
}

/** The limits are this gateway's own: APIM's depend on its tier. */
function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  kind: "too large" | "too much",
): Outcome {
  response.setHeader("Connection", "close");
  const megabytes = mostBodyBytes / 1024 / 1024;
  const outcome =
    kind === "too large"
      ? answerOwn(response, 413, `Request bodies end at ${megabytes} MiB here.`)
      : answerOwn(response, 503, "Too many request bodies are under way here.");
  // Read on for a moment: a client that is still sending would not see the answer.
  request.resume();
  const timer = setTimeout(() => request.destroy(), drainMilliseconds);
  request.once("close", () => clearTimeout(timer));
  return outcome;
}

function fail(response: ServerResponse, error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  if (response.headersSent) {
    response.destroy();
    return { ...nothingKnown, error: message };
  }
  return { ...answerOwn(response, 500, message), error: message };
}

/** An answer that no policy had a hand in. */
export function answerOwn(response: ServerResponse, status: number, message: string): Outcome {
  const body = errorBody(status, message, "");
  if (status === 503) response.setHeader("Retry-After", "1");
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
  });
  response.end(body);
  return { ...nothingKnown, status, error: message };
}
