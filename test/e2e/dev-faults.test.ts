/** What goes wrong around the gateway of `dev`: it answers as far as it can, and goes on. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import type { Server, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderOf, startDev } from "../support/start-dev.ts";
import type { StartedDev } from "../support/start-dev.ts";

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "A", version: "1" },
  paths: {
    "/data": { get: { operationId: "Read", responses: { "200": { description: "OK" } } } },
  },
});

/** An API whose calls go to `url` with one retry after what is no success, and a timeout of a second. */
function spec(url: string, outbound = "<base />"): string {
  const retry =
    '<retry condition="@(context.Response.StatusCode >= 500)" count="1" interval="0"><forward-request timeout="1" buffer-response="false" /></retry>';
  return `apimgw: 1
name: faults
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
backends: { main: { url: "${url}" } }
apis:
  a:
    path: a
    openapi: openapi.json
    managedIdentity: false
    operations:
      Read: { backend: main, policies: { backend: '${retry}', outbound: '${outbound}' } }
`;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** A backend that answers each connection with these bytes and then does something with it. */
function rawBackend(answer: string, then: (socket: Socket) => void): Promise<string> {
  return listening(
    createSocketServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write(answer, () => then(socket)));
    }),
  );
}

async function devFor(url: string, outbound?: string): Promise<StartedDev> {
  return startDev(folderOf({ "gateway.yaml": spec(url, outbound), "openapi.json": openApi }));
}

function read({ gateway, key }: StartedDev, signal?: AbortSignal): Promise<Response> {
  const init = { headers: { "Ocp-Apim-Subscription-Key": key } };
  return fetch(`${gateway}/a/data`, signal === undefined ? init : { ...init, signal });
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

describe("a backend", () => {
  it("that does not answer in time is tried again, then given up", async () => {
    let calls = 0;
    const dev = await devFor(await listening(createServer(() => (calls += 1))));
    const started = performance.now();
    expect((await read(dev)).status).toBe(500);
    expect(performance.now() - started).toBeGreaterThan(1900);
    expect(calls).toBe(2);
    await dev.says("Request to the backend service timed out");
  });

  it("that is slow after its headers is waited for", async () => {
    const slow: RequestListener = (_, response) => {
      response.write("first ");
      setTimeout(() => response.end("second"), 1300);
    };
    const dev = await devFor(await listening(createServer(slow)));
    const response = await read(dev);
    expect([response.status, await response.text()]).toEqual([200, "first second"]);
  });

  it.each([
    ["that closes before it answers", "", (socket: Socket) => socket.destroy()],
    ["that resets before it answers", "", (socket: Socket) => socket.resetAndDestroy()],
    ["that speaks no HTTP", "hello\r\n\r\n", (socket: Socket) => socket.end()],
    ["whose headers break off", "HTTP/1.1 200 OK\r\nContent-", (socket: Socket) => socket.destroy()],
  ])("%s is an error of the gateway", async (_, answer, then) => {
    const dev = await devFor(await rawBackend(answer, then));
    const response = await read(dev);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ statusCode: 500, message: "Internal server error" });
    await dev.says("2 attempts: main BackendConnectionFailure, main BackendConnectionFailure");
  });

  it.each([
    ["breaks off in mid-stream", `${head}Transfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\n`, true],
    ["sends chunks that are none", `${head}Transfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\nzz\r\n`, false],
    ["sends less than it has said", `${head}Content-Length: 100000\r\n\r\nfirst `, true],
  ])("that %s leaves the client with what has passed", async (_, answer, closes) => {
    const dev = await devFor(
      await rawBackend(answer, (socket) => (closes ? setTimeout(() => socket.destroy(), 50) : undefined)),
    );
    const response = await read(dev);
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const first = (await reader?.read())?.value as Uint8Array | undefined;
    expect(new TextDecoder().decode(first)).toBe("first ");
    await expect(reader?.read()).rejects.toThrow();
    await dev.says("cut by the backend");
    // No second attempt: what has passed cannot be taken back.
    const { stderr } = await dev.end();
    expect(stderr).not.toContain("attempts");
  });

  it("that breaks off before a policy has read it all is tried again", async () => {
    let calls = 0;
    const backend: RequestListener = (_, response) => {
      calls += 1;
      if (calls > 1) response.end("whole");
      else response.write("part", () => response.destroy());
    };
    const reading = '<base /><find-and-replace from="whole" to="all" />';
    const dev = await devFor(await listening(createServer(backend)), reading);
    const response = await read(dev);
    expect([response.status, await response.text()]).toEqual([200, "all"]);
    expect(calls).toBe(2);
  });

  it("may answer with 100 MiB, which pass", async () => {
    const part = Buffer.alloc(1024 * 1024, "x");
    const backend: RequestListener = (_, response) => {
      let left = 100;
      const more = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(part)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    };
    const dev = await devFor(await listening(createServer(backend)));
    const response = await read(dev);
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) size += chunk.length;
    expect(size).toBe(100 * 1024 * 1024);
  });
});

describe("a client", () => {
  it("that leaves in mid-stream takes its backend's connection with it", async () => {
    let left = (): void => undefined;
    const gone = new Promise<void>((resolve) => (left = resolve));
    const backend: RequestListener = (_, response) => {
      response.on("close", left).writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: 1\n\n");
    };
    const dev = await devFor(await listening(createServer(backend)));
    const client = new AbortController();
    const response = await read(dev, client.signal);
    await response.body?.getReader().read();
    client.abort();
    await gone;
    await dev.says("cut by the client");
    expect((await fetch(`${dev.gateway}/_apimgw/state.json`)).status).toBe(200);
  });

  it("is told politely when it is one of 10,000 connections, and the gateway goes on", async () => {
    const dev = await devFor("https://main.example");
    const port = Number(new URL(dev.gateway).port);
    const refused = new Set<Socket>();
    let open = 0;
    const sockets: Socket[] = [];
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    for (let batch = 0; batch < 20; batch += 1) {
      const some = Array.from({ length: 500 }, () => connect(port, "127.0.0.1"));
      for (const socket of some) {
        sockets.push(socket);
        socket.on("error", () => undefined).on("connect", () => (open += 1));
        socket.once("data", (data) => {
          if (data.toString("latin1").startsWith("HTTP/1.1 503 Service Unavailable\r\n")) refused.add(socket);
        });
      }
      await Promise.all(some.map((socket) => once(socket, "connect")));
    }
    expect(open).toBe(10_000);
    await expect.poll(() => refused.size, { timeout: 10_000 }).toBe(6000);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await read(dev)).status, { timeout: 10_000 }).toBe(200);
  }, 30_000);
});
