import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { main } from "../../src/cli/main.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";
import type { TestIoOptions } from "./test-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-probe-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function probe(args: readonly string[], options: TestIoOptions = {}) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder, ...options });
  const code = await main(["probe", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** A server on a free port that is gone after the test; gives its address. */
function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sweden until its quota is used up, then 429 and East US in turn. */
function account(quota: number): RequestListener {
  let calls = 0;
  return (_, answer) => {
    calls += 1;
    const isThrottled = calls > quota && calls % 2 === 0;
    const region = calls > quota && !isThrottled ? "East US" : "Sweden Central";
    const wait = isThrottled ? { "Retry-After": String(calls) } : {};
    answer.writeHead(isThrottled ? 429 : 200, { "x-ms-region": region, ...wait }).end("{}");
  };
}

describe("probe", () => {
  it("shows every call, then counts by status and region", async () => {
    const url = await serve(account(5));
    const { code, stdout, stderr } = await probe([url, "-n", "10"]);
    expect(code).toBe(0);
    expect(stderr).toBe(`GET ${url}/\n`);
    expect(stdout).toMatch(/^ {4}1 {2}200 {2}Sweden Central {2}\d+ ms$/m);
    expect(stdout).toMatch(/^ {4}6 {2}429 {2}Sweden Central {2}\d+ ms, Retry-After 6$/m);
    expect(stdout).toMatch(/^10 calls in .* a second$/m);
    expect(stdout).toMatch(/^200 +Sweden Central +5 +50 % +\d+ ms +\d+ ms +\d+ ms$/m);
    expect(stdout).toMatch(/^200 +East US +2 +20 % /m);
    expect(stdout).toMatch(/^429 +Sweden Central +3 +30 % /m);
    expect(stdout).toContain("Retry-After in 3 answers: 6s to 10s");
  });

  it("gives scripts one document", async () => {
    const url = await serve(account(1));
    const { stdout } = await probe([url, "--count", "3", "--format", "json"]);
    expectOutput("probe", stdout);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      calls: [
        { number: 1, status: 200, region: "Sweden Central", retryAfter: null, failure: null },
        { number: 2, status: 429, retryAfter: "2" },
        { number: 3, status: 200, region: "East US" },
      ],
      summary: { calls: 3, answered: 3, retryAfter: { answers: 1, min: 2, max: 2 } },
    });
  });

  it("builds a chat call on a base URL, with the key that it never shows", async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const url = await serve((request, answer) => {
      void readAll(request).then((body) => {
        seen.push({ request, body });
        answer.end();
      });
    });
    const env = { APIMGW_SUBSCRIPTION_KEY: "very-secret" };
    const args = [url, "--deployment", "gpt-4o", "-n", "1", "-v", "--header", "X-Team: a: b"];
    const { stdout, stderr } = await probe(args, { env });
    const [call] = seen;
    expect(call?.request.method).toBe("POST");
    expect(call?.request.url).toBe("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21");
    expect(call?.request.headers).toMatchObject({ "api-key": "very-secret", "x-team": "a: b" });
    expect(call?.request.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(call?.body ?? "")).toHaveProperty("messages");
    expect(stdout + stderr).not.toContain("very-secret");
  });

  it.each([
    { name: "text", given: '{"a":1}', sent: '{"a":1}' },
    { name: "a file", given: "body.json", sent: "from the file" },
    { name: "standard input", given: "-", sent: "from stdin" },
  ])("sends $name as the body", async ({ given, sent }) => {
    writeFileSync(join(folder, "body.json"), "from the file");
    const bodies: string[] = [];
    const url = await serve((request, answer) => {
      void readAll(request).then((body) => {
        bodies.push(`${request.method} ${body}`);
        answer.end();
      });
    });
    await probe([url, "-n", "1", "--body", given, "--method", "put"], { input: "from stdin" });
    expect(bodies).toEqual([`PUT ${sent}`]);
  });

  it("keeps to the concurrency and the rate", async () => {
    let open = 0;
    let most = 0;
    const url = await serve((_, answer) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        answer.end();
      }, 20);
    });
    await probe([url, "-n", "12", "--concurrency", "4"]);
    expect(most).toBe(4);
    const { stdout } = await probe([url, "--duration", "500ms", "--rate", "10/s", "--format", "json"]);
    const { calls } = JSON.parse(stdout) as { calls: { t: number }[] };
    expect(calls.length).toBeGreaterThanOrEqual(3);
    expect(calls.length).toBeLessThanOrEqual(5);
    expect(calls[1]?.t).toBeGreaterThanOrEqual(0.09);
  });

  it("draws the answers over time", async () => {
    const url = await serve(account(5));
    const { stdout } = await probe([url, "-n", "10", "--chart", "-q"]);
    expect(stdout).not.toMatch(/^ {4}1 {2}200/m);
    expect(stdout).toMatch(/^Sweden Central +│.*│ 5$/m);
    expect(stdout).toMatch(/^Sweden Central 429 +│.*│ 3$/m);
  });

  it("prints what there is when it is interrupted, and gives up what is under way", async () => {
    let calls = 0;
    const url = await serve((_, answer) => {
      calls += 1;
      if (calls < 3) answer.end();
      else test.interrupt("SIGINT");
    });
    const test = createTestIo({ cwd: folder });
    expect(await main(["probe", url, "--duration", "1h"], test.io)).toBe(0);
    expect(test.stdout()).toMatch(/^2 calls in /m);
  });

  it.each([
    { name: "nobody listens", listener: "refuse", says: "nothing listens there (ECONNREFUSED)" },
    { name: "the connection is dropped", listener: "drop", says: "the connection was dropped (ECONNRESET)" },
    { name: "what answers speaks no HTTP", listener: "noise", says: /does not speak HTTP \(HPE_/ },
    { name: "no answer comes in time", listener: "silence", says: "no complete answer within 0.1 s" },
  ])("says in a line that $name, and fails", async ({ listener, says }) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      onTestFinished(() => void socket.destroy());
      if (listener === "drop") socket.destroy();
      if (listener === "noise") socket.end("hello\r\n\r\n");
    });
    const url = await listen(server);
    if (listener === "refuse") await new Promise((done) => server.close(done));
    const { code, stdout, stderr } = await probe([url, "-n", "2", "--timeout", "100ms"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(says);
    expect(stdout).toMatch(/^--- +.* 2 +100 %/m);
    expect(stdout + stderr).not.toContain("    at ");
  });

  it("goes through a proxy, but not to this machine", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await serve((request, answer) => {
      asked.push(request.url);
      answer.writeHead(200, { "x-ms-region": "Proxy" }).end();
    });
    const env = { HTTP_PROXY: proxy };
    const { stdout } = await probe(["http://gateway.invalid/x", "-n", "1"], { env });
    expect(stdout).toMatch(/200 {2}Proxy/);
    expect(asked).toEqual(["http://gateway.invalid/x"]);
    const url = await serve(account(1));
    expect((await probe([url, "-n", "1"], { env })).stdout).toMatch(/200 {2}Sweden Central/);
    expect(asked).toHaveLength(1);
  });

  it.each([
    { args: ["nonsense"], code: 64, says: "is not a URL" },
    { args: ["ftp://x"], code: 64, says: "is not an https URL" },
    { args: ["https://user:word@x.test"], code: 64, says: "holds a user name" },
    { args: ["http://x.test", "--key", "abc"], code: 64, says: "the key could be read on the way" },
    { args: ["https://x.test", "--header", "no-colon-secret"], code: 64, says: "not a name and a value" },
    { args: ["https://x.test", "--rate", "fast"], code: 64, says: "--rate does not take" },
    { args: ["https://x.test", "--rate", "0/s"], code: 64, says: "--rate does not take" },
    { args: ["https://x.test", "--duration", "soon"], code: 64, says: "--duration does not take" },
    { args: ["https://x.test", "--timeout", "0s"], code: 64, says: "--timeout does not take" },
    { args: ["https://x.test", "--count", "0"], code: 64, says: "whole number from 1" },
    { args: ["https://x.test", "--body", "bdy.json"], code: 1, says: "there is no file bdy.json for --body" },
  ])("refuses $args", async ({ args, code, says }) => {
    const result = await probe(args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toContain("no-colon-secret");
  });

  it("refuses what is no proxy", async () => {
    const result = await probe(["https://x.test"], { env: { HTTPS_PROXY: "proxy:8080" } });
    expect(result.code).toBe(64);
    expect(result.stderr).toContain("HTTPS_PROXY is not the URL of an HTTP proxy");
  });
});
