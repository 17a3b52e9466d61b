/** HTTP: bodies in, answers out. Loopback only. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Failure } from "../../core/failure.ts";
import type { Answer } from "./answer.ts";
import type { Parts } from "./respond.ts";
import { maxBodyBytes, respond } from "./respond.ts";

/** A request that has been answered, or whose connection was broken on purpose. */
export type RequestLog = {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** Without the question mark; empty when there was none. */
  readonly query: string;
  readonly outcome: number | "dropped";
  readonly milliseconds: number;
};

export type ServerParts = Parts & { readonly onRequest: ((log: RequestLog) => void) | undefined };

const host = "127.0.0.1";

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
      const remedy = "Choose another port, or 0 for any free one.";
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
  const { method = "GET", url = "/" } = request;
  const started = performance.now();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
  const text = await readBody(request);
  const answer = await respond(parts, { method, url, headers, text, endpoint });
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  const milliseconds = Math.round(performance.now() - started);
  if (answer === "drop") request.socket.destroy();
  else send(request, response, answer);
  parts.onRequest?.({
    method,
    path,
    query,
    outcome: answer === "drop" ? "dropped" : answer.status,
    milliseconds,
  });
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
