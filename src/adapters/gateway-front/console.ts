/** `/_apimgw`: a page for people, JSON for scripts, and events for whoever watches. Only under a name of this machine. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayConfig } from "../../core/gateway/config.ts";
import { routeTargets } from "../../core/gateway/route-targets.ts";
import type { RouteTarget } from "../../core/gateway/route-targets.ts";
import type { GatewayHost, Served } from "./gateway-host.ts";
import { isLoopback } from "./http-call.ts";
import type { Journal } from "./journal.ts";
import { parseUrl } from "../../core/gateway/message.ts";

const prefix = "/_apimgw";
const mostWatchers = 50;
/** Breakers close without anybody telling. */
const stateInterval = 1_000;

export function isConsolePath(url: string): boolean {
  return url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`);
}

type BackendState = {
  readonly id: string;
  readonly url: string;
  readonly answeredBy: "this machine" | "mock account";
  /** One for each gateway instance: until when it is open, in milliseconds since 1970; null when it is closed. */
  readonly openUntil: readonly (number | null)[];
  readonly hasBreaker: boolean;
};

type PoolState = {
  readonly id: string;
  readonly members: readonly string[];
  /** One for each gateway instance: whose turn is next; null when no member is available, or chance decides. */
  readonly next: readonly (string | null)[];
};

type GatewayState = {
  readonly formatVersion: 1;
  /** Null while nothing is served. */
  readonly source: string | null;
  /** When it was loaded, in milliseconds since 1970. */
  readonly loadedAt: number | null;
  /** How many gateway instances take requests in turn. */
  readonly instances: number;
  readonly routes: readonly RouteTarget[];
  readonly backends: readonly BackendState[];
  readonly pools: readonly PoolState[];
};

export class GatewayConsole {
  readonly #host: GatewayHost;
  readonly #journal: Journal;
  readonly #page: string;
  readonly #watchers = new Set<ServerResponse>();
  #source: string | null = null;
  #loadedAt: number | null = null;
  #routes: readonly RouteTarget[] = [];
  #lastState = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(host: GatewayHost, journal: Journal, page: string) {
    this.#host = host;
    this.#journal = journal;
    this.#page = page;
    journal.watch((entry) => {
      if (this.#watchers.size === 0) return;
      this.#tell("request", JSON.stringify(entry));
      this.#tellState();
    });
  }

  /** Something else is served. */
  changed(source: string): void {
    this.#source = source;
    this.#loadedAt = Date.now();
    const config = this.#host.served?.config;
    this.#routes = config === undefined ? [] : routeTargets(config);
    this.#tellState();
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const path = (request.url ?? "").replace(/\?.*$/, "");
    const host = parseUrl(`http://${request.headers.host ?? ""}`);
    // A page elsewhere that has this machine's address under a name of its own must not read along.
    if (host === undefined || !isLoopback(host))
      return send(response, 403, "text/plain", "Ask for it as localhost.");
    if (request.method !== "GET" && request.method !== "HEAD")
      return send(response, 405, "text/plain", "GET only.");
    switch (path) {
      case prefix:
      case `${prefix}/`:
        return send(response, 200, "text/html; charset=utf-8", this.#page);
      case `${prefix}/state.json`:
        return send(response, 200, "application/json", JSON.stringify(this.#state()));
      case `${prefix}/requests.json`: {
        const requests = { formatVersion: 1, requests: this.#journal.entries };
        return send(response, 200, "application/json", JSON.stringify(requests));
      }
      case `${prefix}/events`:
        return this.#watch(response);
      default:
        return send(response, 404, "text/plain", "There is no such page.");
    }
  }

  #state(): GatewayState {
    const { served } = this.#host;
    return {
      formatVersion: 1,
      source: this.#source,
      loadedAt: this.#loadedAt,
      instances: served?.gateway.instances.length ?? 0,
      routes: this.#routes,
      backends: served === undefined ? [] : backendStates(served),
      pools: served === undefined ? [] : poolStates(served),
    };
  }

  #watch(response: ServerResponse): void {
    if (this.#watchers.size >= mostWatchers)
      return send(response, 503, "text/plain", "Too many are watching.");
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(eventText("state", JSON.stringify(this.#state())));
    for (const entry of this.#journal.entries) response.write(eventText("request", JSON.stringify(entry)));
    this.#watchers.add(response);
    this.#timer ??= setInterval(() => this.#tellState(), stateInterval).unref();
    response.once("close", () => {
      this.#watchers.delete(response);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #tellState(): void {
    if (this.#watchers.size === 0) return;
    const state = JSON.stringify(this.#state());
    if (state === this.#lastState) return;
    this.#lastState = state;
    this.#tell("state", state);
  }

  /** A watcher that does not keep up loses events rather than fill the memory. */
  #tell(event: string, data: string): void {
    const text = eventText(event, data);
    for (const watcher of this.#watchers) {
      if (watcher.writableLength < 1024 * 1024) watcher.write(text);
    }
  }
}

function eventText(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

function backendStates({ config, gateway }: Served): BackendState[] {
  const now = Date.now();
  return singles(config).map((backend) => ({
    id: backend.id,
    url: backend.url,
    answeredBy:
      backend.address !== undefined && isLoopback(backend.address)
        ? ("this machine" as const)
        : ("mock account" as const),
    openUntil: gateway.instances.map((instance) => instance.openUntil(backend, now) ?? null),
    hasBreaker: backend.breaker !== undefined,
  }));
}

function poolStates({ config, gateway }: Served): PoolState[] {
  const now = Date.now();
  return [...config.backends.values()].flatMap((backend) => {
    if (backend.kind !== "pool") return [];
    const next = gateway.instances.map((instance) => instance.nextMember(backend, now)?.id ?? null);
    return [{ id: backend.id, members: backend.members.map(memberText), next }];
  });
}

function singles({ backends }: GatewayConfig) {
  return [...backends.values()].flatMap((backend) => (backend.kind === "single" ? [backend] : []));
}

function memberText({
  backend,
  priority,
  weight,
}: {
  readonly backend: string;
  readonly priority: number;
  readonly weight: number;
}): string {
  return `${backend} (priority ${priority}, weight ${weight})`;
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": String(Buffer.byteLength(text)),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  });
  response.end(response.req.method === "HEAD" ? undefined : text);
}
