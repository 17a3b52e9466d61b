/**
 * The gateway's own endpoint: HTTP on loopback, what it runs on, and who may watch.
 *
 *   front ─► serve-request ─► gateway-host ─► run-steps ─► http-call   backends on this machine
 *     └► console                                  └──────► accounts    all others
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Failure } from "../../core/failure.ts";
import type { GatewayConfig } from "../../core/gateway/config.ts";
import type { Scenario } from "../../core/simulate/scenario.ts";
import { GatewayConsole, isConsolePath } from "./console.ts";
import { GatewayHost } from "./gateway-host.ts";
import { Journal } from "./journal.ts";
import type { RequestEntry } from "./journal.ts";
import { BodyRoom } from "./request-body.ts";
import { answerOwn, serveRequest } from "./serve-request.ts";
import type { FrontParts } from "./serve-request.ts";

export type FrontOptions = {
  /** 0 for any free one. */
  readonly port: number;
  /** Policies that cannot be run are passed over; else they end their requests. */
  readonly skipsUnsupported: boolean;
  /** The page at /_apimgw. */
  readonly page: string;
  readonly onRequest: (entry: RequestEntry) => void;
};

export type GatewayFront = {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Serves this from now on. Returns the ids of the scenario's accounts that it has no backend for. */
  readonly serve: (config: GatewayConfig, scenario: Scenario, source: string) => readonly string[];
  /** Says why there is nothing to serve, until there is. */
  readonly refuse: (why: string) => void;
  /** Cuts what is under way and stops listening. */
  readonly close: () => Promise<void>;
};

const address = "127.0.0.1";
/** Requests at once; more are refused with 503. */
const mostRequests = 1000;
/** Connections at once; more are told so and closed. */
const mostConnections = 4000;

/** Starts it; it refuses requests until there is something to serve. Throws Failure `GATEWAY.PORT_IN_USE`. */
export async function startGatewayFront(options: FrontOptions): Promise<GatewayFront> {
  const journal = new Journal();
  const host = new GatewayHost({ skipsUnsupported: options.skipsUnsupported });
  let why = "There is nothing to serve yet.";
  const parts: FrontParts = {
    host,
    journal,
    room: new BodyRoom(),
    whyNothing: () => why,
    underWay: new Set(),
  };
  const watching = new GatewayConsole(host, journal, options.page);
  journal.watch(options.onRequest);
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
    },
    handler(parts, watching),
  );
  server.on("connection", refuseBeyond(server));
  server.on("clientError", answerNonsense);
  await listen(server, options.port);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : options.port;
  return {
    endpoint: `http://${address}:${port}`,
    serve: (config, scenario, source) => {
      const unknown = host.serve(config, scenario);
      watching.changed(source);
      return unknown;
    },
    refuse: (text) => (why = text),
    close: async () => {
      for (const over of parts.underWay) over.abort(new Error("the gateway is closing"));
      await stop(server);
      host.close();
    },
  };
}

function handler(parts: FrontParts, watching: GatewayConsole) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.on("error", () => undefined);
    if (isConsolePath(request.url ?? "/")) {
      watching.answer(request, response);
      return;
    }
    if (parts.underWay.size >= mostRequests) {
      response.setHeader("Connection", "close");
      answerOwn(response, 503, `${mostRequests} requests are under way, and no more are taken.`);
      request.resume();
      return;
    }
    void serveRequest(parts, request, response);
  };
}

function refuseBeyond(server: Server): (socket: Socket) => void {
  let open = 0;
  const refusal = [
    "HTTP/1.1 503 Service Unavailable",
    "Connection: close",
    "Retry-After: 1",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  return (socket) => {
    open += 1;
    socket.once("close", () => (open -= 1));
    if (open > mostConnections && server.listening) socket.end(refusal, () => socket.destroySoon());
  };
}

/** What is no HTTP: invalid chunks, headers that never end, other protocols. */
function answerNonsense(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroySoon(),
  );
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new Failure("GATEWAY.PORT_IN_USE", `the gateway cannot listen on ${address}:${port}`, {
          why: error.message,
          remedy: "Choose another port with --port, or 0 for any free one.",
        }),
      );
    });
    server.listen({ port, host: address, backlog: 1024 }, resolve);
  });
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
