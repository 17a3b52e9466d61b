import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { JsonObject } from "../../../src/core/json.ts";
import { type ArmOptions, createArmService } from "../../../src/adapters/arm/arm-service.ts";
import type { RetryEvent } from "../../../src/adapters/arm/retry.ts";
import { ServiceFailure } from "../../../src/core/failure.ts";
import type { Clock, LiveService } from "../../../src/core/ports.ts";

export const servicePath =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-ai/providers/Microsoft.ApiManagement/service/contoso-apim";

/** One answer of the fake: JSON unless it is text; "drop" ends the connection without an answer, "hang" never answers. */
export type Reply =
  | "drop"
  | "hang"
  | {
      readonly status?: number;
      readonly json?: JsonObject;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly afterMilliseconds?: number;
      /** Ends the connection in the middle of the body. */
      readonly isCutOff?: boolean;
    };

export type Received = {
  readonly method: string;
  /** Path below the service, still encoded, with the query but the api-version. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type FakeArm = {
  readonly url: string;
  readonly received: Received[];
  /** The most requests that were open side by side. */
  mostAtOnce(): number;
  /** `METHOD path` of each request. */
  calls(): string[];
  close(): Promise<void>;
};

/**
 * An HTTP server on loopback that gives the replies in turn, the last one for ever, or asks the function. `{origin}` and `{service}`
 * in headers and bodies become its own address and the service's ARM path there.
 */
export async function startFakeArm(
  replies: readonly Reply[] | ((received: Received) => Reply),
  host = "127.0.0.1",
): Promise<FakeArm> {
  const received: Received[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++open);
    response.on("close", () => (open -= 1));
    void readBody(request).then((body) => {
      const call = describe(request, body);
      received.push(call);
      const at = Math.min(received.length, replies.length) - 1;
      const reply = typeof replies === "function" ? replies(call) : replies[at];
      answer(response, reply ?? { status: 500 }, `http://${request.headers.host ?? ""}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    received,
    mostAtOnce: () => most,
    calls: () => received.map(({ method, path }) => `${method} ${path}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function describe(request: IncomingMessage, body: string): Received {
  const path = (request.url ?? "").replace(servicePath, "").replace(/[?&]api-version=2024-05-01$/, "");
  return { method: request.method ?? "", path, headers: request.headers, body };
}

function answer(response: ServerResponse, reply: Reply, origin: string): void {
  if (reply === "hang") return;
  if (reply === "drop") {
    response.socket?.destroy();
    return;
  }
  const fill = (text: string) =>
    text.replaceAll("{service}", origin + servicePath).replaceAll("{origin}", origin);
  const body = fill(reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json)));
  response.statusCode = reply.status ?? 200;
  response.setHeader("Content-Type", reply.text === undefined ? "application/json" : "text/plain");
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, fill(value));
  if (reply.isCutOff === true) {
    response.setHeader("Content-Length", String(Buffer.byteLength(body) + 100));
    response.write(body);
    setTimeout(() => response.socket?.destroy(), 20);
  } else if (reply.afterMilliseconds === undefined) response.end(body);
  else setTimeout(() => response.end(body), reply.afterMilliseconds);
}

export type FakeClock = Clock & { readonly slept: number[] };

/** Sleeps take no time but move the clock. */
export function createFakeClock(): FakeClock {
  let milliseconds = Date.UTC(2026, 0, 1);
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(milliseconds),
    sleep(duration, signal) {
      signal?.throwIfAborted();
      slept.push(duration);
      milliseconds += duration;
      return Promise.resolve();
    },
  };
}

export type Connected = {
  readonly service: LiveService;
  readonly arm: FakeArm;
  readonly clock: FakeClock;
  readonly retries: RetryEvent[];
};

/** A LiveService on a fake ARM; no jitter. */
export async function connect(
  replies: readonly Reply[] | ((received: Received) => Reply),
  options: Partial<ArmOptions> = {},
): Promise<Connected> {
  const arm = await startFakeArm(replies);
  const clock = createFakeClock();
  const retries: RetryEvent[] = [];
  const service = await createArmService({
    service: {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroup: "rg-ai",
      name: "contoso-apim",
    },
    endpoint: arm.url,
    cloud: "AzureCloud",
    token: "secret-token",
    clock,
    userAgent: "apimgw/0.0.0",
    onRetry: (event) => retries.push(event),
    ...options,
    internals: { random: () => 1, requestMilliseconds: 5000, ...options.internals },
  });
  return { service, arm, clock, retries };
}

/** The ServiceFailure that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceFailure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ServiceFailure) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}

export function armError(code: string, message: string, details: JsonObject["details"] = null): JsonObject {
  return { error: { code, message, details } };
}
