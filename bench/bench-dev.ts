/** `apimgw dev` in front of a backend on this machine, against a bare Node proxy that forwards the same requests to it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { measureLoad, sendMany } from "./http-load.ts";
import type { LoadFigures } from "./http-load.ts";

const root = resolve(import.meta.dirname, "..");
const connections = 32;

/** Says its port, and answers every request with the same chat completion. */
const backendCode = `
const { createServer } = require("node:http");
const body = JSON.stringify({ id: "x", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "word ".repeat(40) } }] });
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

const proxyCode = `
const { Agent, createServer, request } = require("node:http");
const agent = new Agent({ keepAlive: true });
const server = createServer((incoming, outgoing) => {
  const { method, url, headers } = incoming;
  const options = { host: "127.0.0.1", port: Number(process.argv[1]), path: url, method, headers, agent };
  incoming.pipe(request(options, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  }));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

export type DevFigures = {
  readonly proxy: LoadFigures;
  readonly dev: LoadFigures;
  /** Of `dev` at its end; undefined where Linux does not tell. */
  readonly megabytes: number | undefined;
};

/** Figures of both under the same load, one after the other, after a moment to get warm; a spec is written into the folder. */
export async function measureDev(folder: string, milliseconds: number): Promise<DevFigures> {
  return withProcesses(folder, async (start) => {
    const backend = (await start("-e", backendCode)).said;
    const proxy = Number((await start("-e", proxyCode, backend)).said);
    const dev = await startDev(folder, start, backend);
    const load = (to: number) => ({ port: to, request, connections, milliseconds });
    for (const to of [proxy, dev.port]) await measureLoad(load(to));
    const figures = { proxy: await measureLoad(load(proxy)), dev: await measureLoad(load(dev.port)) };
    return { ...figures, megabytes: residentMegabytes(dev.child.pid) };
  });
}

/** Memory of `dev` after so many answers. */
export type SoakSample = { readonly answered: number; readonly megabytes: number | undefined };

/** Sends so many requests through `dev`, and looks at its memory ten times on the way. */
export async function soakDev(
  folder: string,
  count: number,
  onSample: (sample: SoakSample) => void,
): Promise<void> {
  await withProcesses(folder, async (start) => {
    const dev = await startDev(folder, start, (await start("-e", backendCode)).said);
    await sendMany({ port: dev.port, request, connections }, count, (answered) => {
      if (answered % Math.max(1, Math.floor(count / 10)) !== 0) return;
      onSample({ answered, megabytes: residentMegabytes(dev.child.pid) });
    });
  });
}

type Start = (...args: readonly string[]) => Promise<{ readonly child: ChildProcess; readonly said: string }>;

/** Starts processes of Node, each known by the first line it says, and ends them after the work. */
async function withProcesses<Result>(
  folder: string,
  work: (start: Start) => Promise<Result>,
): Promise<Result> {
  const children: ChildProcess[] = [];
  try {
    return await work(async (...args) => {
      const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
      children.push(child);
      return { child, said: await firstLine(child) };
    });
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

async function startDev(
  folder: string,
  start: Start,
  backend: string,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  writeSpec(folder, backend);
  const executable = join(root, "bin/apimgw.js");
  const ports = ["--port", "0", "--management-port", "0"];
  const dev = await start(executable, "dev", "-f", "dev.yaml", ...ports, "--format", "json", "--quiet");
  return { child: dev.child, port: Number(/"gateway":"http:\/\/127.0.0.1:(\d+)"/.exec(dev.said)?.[1]) };
}

function residentMegabytes(pid = 0): number | undefined {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file) ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no output to read");
  for await (const chunk of child.stdout) return String(chunk).trim();
  throw new Error("it ended without a word");
}

const body = JSON.stringify({ messages: [{ role: "user", content: "word ".repeat(100) }] });
const request = [
  "POST /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21 HTTP/1.1",
  "Host: 127.0.0.1",
  "api-key: apimgw-local-key",
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
  "",
  body,
].join("\r\n");

function writeSpec(folder: string, backendPort: string): void {
  const parameters = [{ name: "deployment-id", in: "path", required: true, schema: { type: "string" } }];
  const post = {
    operationId: "ChatCompletions_Create",
    parameters,
    responses: { "200": { description: "OK" } },
  };
  const openApi = {
    openapi: "3.0.1",
    info: { title: "Azure OpenAI", version: "1" },
    paths: { "/deployments/{deployment-id}/chat/completions": { post } },
  };
  writeFileSync(join(folder, "dev-openapi.json"), JSON.stringify(openApi));
  writeFileSync(
    join(folder, "dev.yaml"),
    `apimgw: 1
name: bench
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: bench }
backends:
  near: { url: "http://127.0.0.1:${backendPort}/openai" }
apis:
  azure-openai:
    path: openai
    openapi: dev-openapi.json
    subscriptionKey: { header: api-key, query: api-key }
    managedIdentity: https://cognitiveservices.azure.com/
    operations:
      ChatCompletions_Create: { backend: near, retry: { on: [429], count: 2, interval: 0 } }
`,
  );
}
