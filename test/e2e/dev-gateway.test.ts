import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { AzureOpenAI } from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { folderOf, startDev } from "../support/start-dev.ts";
import type { StartedDev } from "../support/start-dev.ts";

const deployment = { name: "deployment-id", in: "path", required: true, schema: { type: "string" } };
const operations = {
  ChatCompletions_Create: "chat/completions",
  Embeddings_Create: "embeddings",
  ImageGenerations_Create: "images/generations",
};
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Azure OpenAI", version: "1" },
  paths: Object.fromEntries(
    Object.entries(operations).map(([operationId, path]) => [
      `/deployments/{deployment-id}/${path}`,
      { post: { operationId, parameters: [deployment], responses: { "200": { description: "OK" } } } },
    ]),
  ),
});

const service =
  "service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }";

function specWith(url: string, more = ""): string {
  return `apimgw: 1
name: dev
${service}
backends:
  main: { url: "${url}" }
  overflow: { url: https://overflow.example/openai }
apis:
  azure-openai:
    path: openai
    openapi: openapi.json
    subscriptionKey: { header: api-key, query: api-key }
    operations:
      ChatCompletions_Create: { backend: main, fallback: [overflow] }
      Embeddings_Create: { backend: main }
${more}`;
}

const spec = specWith("https://main.example/openai");
const fast =
  "accounts:\n  main: { region: Sweden Central, latency: 20ms }\n  overflow: { region: East US, latency: 20ms }\n";
const files = { "gateway.yaml": spec, "openapi.json": openApi, "scenario.yaml": fast };

function clientOf({ gateway, key }: StartedDev): AzureOpenAI {
  return new AzureOpenAI({
    endpoint: gateway,
    apiKey: key,
    apiVersion: "2024-10-21",
    deployment: "gpt-4o",
    maxRetries: 0,
  });
}

const messages = [{ role: "user" as const, content: "Hello there" }];

function chat({ gateway, key }: StartedDev, body: object = { messages }): Promise<Response> {
  return fetch(`${gateway}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`, {
    method: "POST",
    headers: { "api-key": key, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Bytes as they are, and what comes back until the other side closes. */
async function sendRaw(gateway: string, ...parts: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(gateway).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
  socket.on("error", () => undefined);
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  return answer;
}

describe("the official client", () => {
  it("chats, streams and embeds, and is told what is denied", async () => {
    const dev = await startDev(folderOf(files), "--scenario", "scenario.yaml");
    const client = clientOf(dev);
    const { data, response } = await client.chat.completions
      .create({ model: "gpt-4o", messages, max_completion_tokens: 4 })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe("word word word word");
    expect(data.usage).toMatchObject({ completion_tokens: 4 });
    expect(response.headers.get("x-ms-region")).toBe("Sweden Central");

    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      messages,
      max_completion_tokens: 3,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let used: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      used = chunk.usage?.completion_tokens ?? used;
    }
    expect({ text, used }).toEqual({ text: "word word word", used: 3 });

    const embeddings = await client.embeddings.create({ model: "gpt-4o", input: ["a", "b"], dimensions: 8 });
    expect(embeddings.data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(embeddings.data[0]?.embedding[0]).toBeCloseTo(Math.sin(1) / 10);

    await expect(client.images.generate({ model: "dall-e-3", prompt: "a cat" })).rejects.toMatchObject({
      status: 400,
      error: { code: "OperationNotSupported" },
    });
    await expect(
      clientOf({ ...dev, key: "wrong" }).chat.completions.create({ model: "gpt-4o", messages }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("is answered by the second account once the first is out of quota", async () => {
    const limited = fast.replace(
      "latency: 20ms }",
      "latency: 20ms, requestLimit: { count: 5, window: 60s } }",
    );
    const folder = folderOf({ ...files, "scenario.yaml": limited });
    const dev = await startDev(folder, "--scenario", "scenario.yaml");
    const client = clientOf(dev);
    const regions = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { response } = await client.chat.completions
          .create({ model: "gpt-4o", messages })
          .withResponse();
        return response.headers.get("x-ms-region");
      }),
    );
    const count = (region: string): number => regions.filter((other) => other === region).length;
    expect([count("Sweden Central"), count("East US")]).toEqual([5, 35]);
    await expect(client.embeddings.create({ model: "gpt-4o", input: "a" })).rejects.toMatchObject({
      status: 429,
      error: { code: "429" },
    });
    const { stderr } = await dev.end();
    expect(stderr).toMatch(/^POST {3}\S+\/chat\/completions {2}200 {2}Sweden Central {2}\d+ ms$/m);
    expect(stderr).toMatch(/ {2}200 {2}East US {2}2 attempts: main 429, overflow 200 {2}\d+ ms$/m);
  });
});

describe("a backend on this machine", () => {
  it("is really called, and its stream passes part by part", async () => {
    const told: string[] = [];
    let next = (): void => undefined;
    const backend = createServer((request, response) => {
      told.push(`${request.method} ${request.url} ${request.headers.host}`);
      request.resume();
      response.writeHead(200, { "Content-Type": "text/event-stream", "x-ms-region": "here" });
      response.write("data: first\n\n");
      next = () => response.end("data: second\n\n");
    });
    backend.listen(0, "127.0.0.1");
    await once(backend, "listening");
    onTestFinished(() => void backend.close());
    const address = backend.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const host = `127.0.0.1:${address.port}`;
    const unbuffered = `{ backend: main, policies: { backend: '<forward-request buffer-response="false" />' } }`;
    const spec = specWith(`http://${host}/base`).replace(
      "{ backend: main, fallback: [overflow] }",
      unbuffered,
    );
    const dev = await startDev(folderOf({ ...files, "gateway.yaml": spec }));
    const response = await chat(dev);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    // The backend has not ended: nothing is held back.
    expect((await reader?.read())?.value).toBe("data: first\n\n");
    next();
    expect((await reader?.read())?.value).toBe("data: second\n\n");
    expect(response.headers.get("x-ms-region")).toBe("here");
    expect(told).toEqual([`POST /base/deployments/gpt-4o/chat/completions?api-version=2024-10-21 ${host}`]);
  });

  it("that is not there is an error of the gateway", async () => {
    const dev = await startDev(folderOf({ ...files, "gateway.yaml": specWith("http://127.0.0.1:1") }));
    const response = await fetch(`${dev.gateway}/openai/deployments/d/embeddings`, {
      method: "POST",
      headers: { "api-key": dev.key },
      body: "{}",
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ statusCode: 500, message: "Internal server error" });
    expect((await dev.end()).stderr).toContain("ECONNREFUSED");
  });
});

describe("what is served", () => {
  it("follows edits, and stays as it was while there is an error", async () => {
    const folder = folderOf(files);
    const dev = await startDev(folder, "--scenario", "scenario.yaml");
    const file = join(folder, "gateway.yaml");
    writeFileSync(file, spec.replace("backend: main, fallback", "backend: nobody, fallback"));
    await dev.says("The gateway goes on as it was.");
    expect((await chat(dev)).status).toBe(200);
    writeFileSync(
      file,
      spec.replace("      ChatCompletions_Create: { backend: main, fallback: [overflow] }\n", ""),
    );
    await expect.poll(async () => (await chat(dev)).status, { timeout: 5000 }).toBe(400);
    const { stderr } = await dev.end();
    expect(stderr).toContain("gateway.yaml:13:42 error");
    expect(stderr).toContain("`nobody`");
  });

  it("is what has been applied where there is no spec", async () => {
    const folder = folderOf({ "team.yaml": spec, "openapi.json": openApi, "scenario.yaml": fast });
    const dev = await startDev(folder, "--scenario", "scenario.yaml");
    expect((await chat(dev)).status).toBe(503);
    const apply = ["apply", "-f", "team.yaml", "--auto-approve", "--arm-endpoint", dev.management];
    expect(await runCli(folder, apply, { APIMGW_ACCESS_TOKEN: "any" })).toMatchObject({ code: 0 });
    await expect.poll(async () => (await chat(dev)).status, { timeout: 5000 }).toBe(200);
    expect((await chat(dev)).headers.get("x-ms-region")).toBe("Sweden Central");
    await dev.end();
    // And again after a restart, whatever spec lies there.
    writeFileSync(join(folder, "gateway.yaml"), "apimgw: 1\n");
    const again = await startDev(folder, "--applied", "--scenario", "scenario.yaml");
    await again.says("Serving what is applied to contoso-apim");
    expect((await chat(again)).status).toBe(200);
  });

  it("takes the keys of products for their own APIs", async () => {
    const products = "products:\n  team: { apis: [azure-openai] }\n  empty: {}\n";
    const dev = await startDev(folderOf({ ...files, "gateway.yaml": spec + products }));
    await dev.says("apimgw-local-key-team");
    expect((await chat({ ...dev, key: "apimgw-local-key-team" })).status).toBe(200);
    expect((await chat({ ...dev, key: "apimgw-local-key-empty" })).status).toBe(401);
  });
});

describe("/_apimgw", () => {
  it("has a page, and says what happens as it happens", async () => {
    const dev = await startDev(folderOf(files), "--scenario", "scenario.yaml");
    const page = await fetch(`${dev.gateway}/_apimgw`);
    expect(await page.text()).not.toMatch(/(?:src|href)="/);
    const events = await fetch(`${dev.gateway}/_apimgw/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^event: state\ndata: \{"formatVersion":1/);
    await chat(dev);
    expect((await reader?.read())?.value).toMatch(
      /^event: request\ndata: \{"number":1,.*"region":"Sweden Central"/,
    );
    const requests: unknown = await (await fetch(`${dev.gateway}/_apimgw/requests.json`)).json();
    expect(requests).toMatchObject({
      requests: [{ number: 1, status: 200, attempts: [{ backend: "main", status: 200 }] }],
    });
    const state: unknown = await (await fetch(`${dev.gateway}/_apimgw/state.json`)).json();
    expect(state).toMatchObject({
      source: "gateway.yaml",
      routes: [{ operation: "ChatCompletions_Create", backends: ["main", "overflow"] }, {}, {}],
      backends: [{ id: "main", answeredBy: "mock account", openUntil: [null] }, {}],
    });
  });

  it("shows breakers and turns of every gateway instance", async () => {
    const breaker = "circuitBreaker: { count: 1, interval: 5m, tripDuration: 5m, statusCodes: [429] }";
    const pooled = spec
      .replace(
        "backends:",
        "pools: { both: { members: [{ backend: main, priority: 1 }, { backend: overflow, priority: 2 }] } }\nbackends:",
      )
      .replace('main.example/openai" }', `main.example/openai", ${breaker} }`)
      .replace("{ backend: main, fallback: [overflow] }", "{ backend: both }");
    const scenario = fast.replace(
      "latency: 20ms }",
      "latency: 1ms, requestLimit: { count: 1, window: 5m } }",
    );
    const folder = folderOf({ ...files, "gateway.yaml": pooled, "scenario.yaml": scenario });
    const dev = await startDev(folder, "--scenario", "scenario.yaml", "--instances", "2");
    const stateNow = async (): Promise<unknown> => (await fetch(`${dev.gateway}/_apimgw/state.json`)).json();
    const call = async () => (await chat(dev)).status;
    expect([await call(), await call()]).toEqual([200, 429]);
    expect(await stateNow()).toMatchObject({
      instances: 2,
      backends: [{ id: "main", openUntil: [null, expect.any(Number)] }, { id: "overflow" }],
      pools: [{ id: "both", next: ["main", "overflow"] }],
    });
    // The first instance knows nothing of the other's breaker.
    expect([await call(), await call(), await call()]).toEqual([429, 200, 200]);
    expect(await stateNow()).toMatchObject({
      backends: [{ openUntil: [expect.any(Number), expect.any(Number)] }, {}],
    });
    expect((await dev.end()).stderr).toMatch(/ {2}429 {2}Sweden Central {2}instance 2 {2}\d+ ms$/m);
  });

  it("is not for pages that have this machine under a name of their own", async () => {
    const dev = await startDev(folderOf(files));
    const answer = await sendRaw(
      dev.gateway,
      "GET /_apimgw/requests.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("bad weather", () => {
  it("ends at once on a signal, also with streams under way", async () => {
    const slow = "accounts:\n  main: { latency: 60s }\n";
    const dev = await startDev(folderOf({ ...files, "scenario.yaml": slow }), "--scenario", "scenario.yaml");
    const waiting = Array.from({ length: 5 }, () => chat(dev, { messages, stream: true }).catch(() => "cut"));
    const watching = await fetch(`${dev.gateway}/_apimgw/events`);
    const started = performance.now();
    const { signal } = await dev.end("SIGINT");
    expect(performance.now() - started).toBeLessThan(1000);
    expect(signal).toBe("SIGINT");
    expect(await Promise.all(waiting)).toEqual(Array(5).fill("cut"));
    await watching.body?.cancel().catch(() => undefined);
  });

  it("goes on when clients leave", async () => {
    const slow = "accounts:\n  main: { latency: 60s }\n";
    const dev = await startDev(folderOf({ ...files, "scenario.yaml": slow }), "--scenario", "scenario.yaml");
    const left = AbortSignal.timeout(200);
    await expect(
      fetch(`${dev.gateway}/openai/deployments/d/embeddings`, {
        method: "POST",
        headers: { "api-key": dev.key },
        body: "{}",
        signal: left,
      }),
    ).rejects.toThrow();
    await dev.says("left");
    expect((await fetch(`${dev.gateway}/openai`)).status).toBe(404);
  });

  it("refuses bodies of 100 MiB, with and without their length", async () => {
    const dev = await startDev(folderOf(files));
    const url = `${dev.gateway}/openai/deployments/gpt-4o/chat/completions`;
    const headers = { "api-key": dev.key };
    const whole = await fetch(url, { method: "POST", headers, body: new Uint8Array(100 * 1024 * 1024) });
    expect(whole.status).toBe(413);
    const part = new Uint8Array(1024 * 1024);
    let left = 100;
    const stream = new ReadableStream({
      pull: (controller) => {
        if (left-- > 0) controller.enqueue(part);
        else controller.close();
      },
    });
    const init = { method: "POST", headers, body: stream, duplex: "half" as const };
    expect((await fetch(url, init)).status).toBe(413);
  });

  it.each([
    [
      "invalid chunks",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
      "zz\r\nhello\r\n",
    ],
    ["no HTTP", "hello\r\n\r\n", ""],
  ])("answers %s with 400, and goes on", async (_, head, rest) => {
    const dev = await startDev(folderOf(files));
    expect(await sendRaw(dev.gateway, head, rest)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${dev.gateway}/openai`)).status).toBe(404);
  });

  it("refuses what is too much at once, and goes on", async () => {
    const dev = await startDev(folderOf(files), "--scenario", "scenario.yaml", "--quiet");
    const request =
      "POST /openai HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
    // Bodies that never come hold their places.
    const holders = Array.from({ length: 1000 }, () => {
      const socket = connect(Number(new URL(dev.gateway).port), "127.0.0.1");
      socket.on("error", () => undefined).write(request);
      return socket;
    });
    await expect.poll(async () => (await chat(dev)).status, { timeout: 10_000 }).toBe(503);
    for (const socket of holders) socket.destroy();
    await expect.poll(async () => (await chat(dev)).status, { timeout: 10_000 }).toBe(200);
  });

  it("starts with a spec that has errors, and serves it once it has none", async () => {
    const folder = folderOf({ ...files, "gateway.yaml": spec.replace("path: openai", "pth: openai") });
    const dev = await startDev(folder);
    const refused = await chat(dev);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain("gateway.yaml has errors");
    writeFileSync(join(folder, "gateway.yaml"), spec);
    await expect.poll(async () => (await chat(dev)).status, { timeout: 5000 }).toBe(200);
    expect(readFileSync(join(folder, "gateway.yaml"), "utf8")).toBe(spec);
  });
});
