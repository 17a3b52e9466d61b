/** HTTP: bodies in, answers out. Loopback only. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Failure } from "../../core/failure.ts";
import type { Clock } from "../../core/ports.ts";
import type { Answer } from "./answer.ts";
import { ArmError } from "./errors.ts";
import type { FaultHook } from "./faults.ts";
import { faultBody } from "./faults.ts";
import { checkArm, handle } from "./handler.ts";
import type { LongRunning } from "./long-running.ts";
import { internalError } from "./long-running.ts";
import { parseServicePath, resolveRoute } from "./route.ts";
import type { Store } from "./store.ts";

export type ServerParts = {
  readonly store: Store;
  readonly works: LongRunning;
  readonly clock: Clock;
  readonly faults: FaultHook | undefined;
};

const host = "127.0.0.1";
const maxBodyBytes = 8 * 1024 * 1024;

/** Listens on a port of the loopback interface, 0 for any. Throws Failure `LOCAL.PORT_IN_USE`. */
export async function listen(
  parts: ServerParts,
  port: number,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  let endpoint = "";
  const server = createServer((request, response) => {
    serve(parts, endpoint, request, response).catch((error: unknown) => {
      // The connection broke while answering: there is nobody left to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await start(server, port);
  const address = server.address();
  endpoint = `http://${host}:${typeof address === "object" && address !== null ? address.port : port}`;
  return { endpoint, stop: () => stop(server) };
}

async function start(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const remedy = "Choose another port, or none.";
      reject(
        new Failure("LOCAL.PORT_IN_USE", `the local APIM cannot listen on ${host}:${port}`, {
          why: error.message,
          remedy,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  parts: ServerParts,
  endpoint: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const outcome = answerTo(parts, endpoint, request, body);
  if (outcome === "drop") request.socket.destroy();
  else send(request, response, outcome);
}

/** Undefined when the body is larger than the service takes. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks).toString("utf8");
}

/** Never throws: refusals become their answers, and a bug becomes a 500. */
function answerTo(
  parts: ServerParts,
  endpoint: string,
  request: IncomingMessage,
  body: string | undefined,
): Answer | "drop" {
  try {
    return carryOut(parts, endpoint, request, body);
  } catch (error) {
    if (error instanceof ArmError)
      return { status: error.status, body: error.toBody(), headers: error.headers };
    return internalError(error);
  }
}

function carryOut(
  { store, works, clock, faults }: ServerParts,
  endpoint: string,
  { method = "GET", url = "/", headers }: IncomingMessage,
  text: string | undefined,
): Answer | "drop" {
  const { pathname, query } = splitUrl(url);
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  checkArm(flat, query);
  const { ref, segments } = parseServicePath(pathname);
  const fault = faults?.({ method, path: segments.join("/"), query });
  if (fault !== undefined && "status" in fault)
    return { status: fault.status, body: faultBody(fault), headers: fault.headers ?? {} };
  if (fault?.drop === "before") return "drop";
  const route = resolveRoute(segments, method);
  const body = parseBody(text);
  const request = { method, service: store.service(ref), query, headers: flat, body, endpoint };
  const answer = handle(request, route, { works, now: clock.now() });
  return fault === undefined ? answer : "drop";
}

/** The path as sent, dots and all, and the query with names in the case the service knows them by. */
function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  const pathname = mark < 0 ? url : url.slice(0, mark);
  return { pathname, query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)) };
}

function parseBody(text: string | undefined): unknown {
  if (text === undefined) {
    throw new ArmError(
      413,
      "RequestEntityTooLarge",
      `The request body is larger than ${maxBodyBytes} bytes.`,
    );
  }
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ArmError(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${why}'.`,
    );
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers = {} }: Answer,
): void {
  response.statusCode = status;
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("x-ms-request-id", randomUUID());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined || request.method === "HEAD") {
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}
