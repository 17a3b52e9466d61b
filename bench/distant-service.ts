/** A local APIM that is far away: a proxy in front of it adds latency to each call, and counts the calls. */
import { createServer, request as sendRequest } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { startLocalApim } from "../src/adapters/local/local-apim.ts";

/** The calls of one kind: how many, and how long the service took over them together. */
export type Calls = { readonly count: number; readonly milliseconds: number };

export type DistantService = {
  readonly endpoint: string;
  /** Calls since the last time, by method and kind of resource: `GET apis/*\/operations`. */
  readonly takeCalls: () => ReadonlyMap<string, Calls>;
  readonly close: () => Promise<void>;
};

export async function startDistantService(directory: string, latencyMs: number): Promise<DistantService> {
  const apim = await startLocalApim({ directory });
  let calls = new Map<string, Calls>();
  const server = createServer((incoming, outgoing) => {
    const call = `${incoming.method ?? ""} ${kindOf(incoming.url ?? "")}`;
    const started = performance.now();
    outgoing.on("finish", () => {
      const { count, milliseconds } = calls.get(call) ?? { count: 0, milliseconds: 0 };
      calls.set(call, { count: count + 1, milliseconds: milliseconds + performance.now() - started });
    });
    void forward(apim.endpoint, incoming, outgoing, latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    takeCalls: () => {
      const taken = calls;
      calls = new Map();
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await apim.close();
    },
  };
}

/** `…/service/x/apis/a/operations?api-version=…` → `apis/*\/operations` */
function kindOf(url: string): string {
  const [path = ""] = url.split("?", 1);
  const below = path.split("/").slice(9);
  const names = below.map((segment, index) => (index % 2 === 0 ? segment : "*"));
  return `${names.join("/")}${url.includes("asyncId") ? " (poll)" : ""}`;
}

async function forward(
  endpoint: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  latencyMs: number,
): Promise<void> {
  const body = await readAll(incoming);
  await new Promise((resolve) => setTimeout(resolve, latencyMs));
  const { method, headers, url = "" } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest(endpoint + url, { method, headers }, resolve)
      .on("error", reject)
      .end(body);
  });
  const own = `http://${headers.host ?? ""}`;
  const text = (await readAll(answer)).toString("utf8").replaceAll(endpoint, own);
  outgoing.statusCode = answer.statusCode ?? 502;
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || name === "content-length" || name === "connection") continue;
    outgoing.setHeader(name, typeof value === "string" ? value.replaceAll(endpoint, own) : value);
  }
  outgoing.end(text);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
