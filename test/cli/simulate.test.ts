import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SaxesParser } from "saxes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";

const patterns = resolve(import.meta.dirname, "../../fixtures/patterns");
const breaker = join(patterns, "burst-breaker/gateway.yaml");

const traffic = `
call: { operation: Completions_Create }
clients: [{ pause: 1s }]
requests: 40
accounts:
  main-backend: { region: Sweden <Central>, latency: 400ms, requestLimit: { count: 10, window: 60s } }
  sub-backend: { region: East US }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-simulate-"));
  writeFileSync(join(folder, "s.yaml"), traffic);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function simulate(...args: string[]) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(["simulate", "-f", breaker, ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("simulate", () => {
  it("shows a table per backend and a chart", async () => {
    const { code, stdout, stderr } = await simulate("--scenario", "s.yaml");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/40 requests in \d+/);
    expect(stdout).toMatch(/^main-backend +Sweden <Central> +13 +33 % +13 +3 +0 +400 ms/m);
    expect(stdout).toMatch(/^sub-backend +East US +27 /m);
    expect(stdout).toMatch(/^main-backend 429 +│.*│ 3$/m);
  });

  it("prints what its schema describes, the same every time", async () => {
    const first = await simulate("--scenario", "s.yaml", "--format", "json", "--explain", "14");
    expectOutput("simulate", first.stdout);
    expect(await simulate("--scenario", "s.yaml", "--format", "json", "--explain", "14")).toEqual(first);
    const json = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(json).toMatchObject({
      requests: 40,
      byBackend: { "main-backend": 13, "sub-backend": 27 },
      byStatus: { 200: 37, 429: 3 },
    });
    expect(json["timeline"]).toHaveLength(40);
    expect((json["timeline"] as unknown[])[0]).toMatchObject({
      t: 0,
      client: 1,
      backend: "main-backend",
      region: "Sweden <Central>",
      status: 200,
      attempts: [{ backend: "main-backend", status: 200 }],
    });
  });

  it("says of streams when their first part came, and which broke off", async () => {
    const failures = "failures: [{ until: 2s, error: connection, afterTokens: 5 }]";
    const accounts = `accounts: { main-backend: { tokensPerSecond: 20, ${failures} } }`;
    writeFileSync(
      join(folder, "s.yaml"),
      `call: { operation: Completions_Create, stream: true }\nrequests: 3\n${accounts}\n`,
    );
    const { stdout } = await simulate("--scenario", "s.yaml");
    expect(stdout).toMatch(/^status 200 3 {3}broken off 3$/m);
    const json = await simulate("--scenario", "s.yaml", "--format", "json", "--explain", "1");
    expectOutput("simulate", json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({ timeline: [{ isCut: true }, {}, {}] });
    const explained = await simulate("--scenario", "s.yaml", "--explain", "1");
    expect(explained.stdout).toContain("broken off");
  });

  it("runs on as many instances as are asked for", async () => {
    const run = async (...args: string[]) => {
      const { stdout } = await simulate("--scenario", "s.yaml", "--format", "json", ...args);
      return JSON.parse(stdout) as { timeline: { instance: number }[]; byStatus: Record<string, number> };
    };
    const two = await run("--instances", "2");
    expect(two.timeline.slice(0, 4).map(({ instance }) => instance)).toEqual([1, 2, 1, 2]);
    // Three 429s open a breaker, and each instance has its own.
    expect([(await run()).byStatus["429"], two.byStatus["429"]]).toEqual([3, 6]);
  });

  it("explains one request", async () => {
    const { stdout } = await simulate("--scenario", "s.yaml", "--explain", "14");
    expect(stdout).toContain("Request 14 of");
    expect(stdout).toMatch(/sub-backend: priority 2, since main-backend is open until 12:01:/);
    expect(stdout).toContain("forward-request global forward-request[1]");
  });

  it("compares two gateways, and leaves out accounts that only one has", async () => {
    const other = join(folder, "other.yaml");
    writeFileSync(
      other,
      readFileSync(breaker, "utf8")
        .replaceAll("main-backend", "first-backend")
        .replace("../../openapi", join(patterns, "../openapi")),
    );
    const compared = await simulate("--scenario", "s.yaml", "--compare", other, "--format", "json");
    expectOutput("simulate", compared.stdout);
    expect(JSON.parse(compared.stdout)).toMatchObject({
      byStatus: { 429: 3 },
      compare: { file: other, byStatus: { 200: 40 } },
    });
    expect((await simulate("--scenario", "s.yaml", "--compare", other)).stdout).toMatch(
      /^status 429 +3 +0$/m,
    );
  });

  it("draws a picture that is XML, and a page that holds its data", async () => {
    const svg = await simulate("--scenario", "s.yaml", "--format", "svg");
    new SaxesParser().write(svg.stdout).close();
    expect(svg.stdout).toContain("main-backend open");
    const { stdout, stderr } = await simulate(
      "--scenario",
      "s.yaml",
      "--format",
      "html",
      "-o",
      "out/run.html",
    );
    expect([stdout, stderr]).toEqual(["", "Wrote out/run.html.\n"]);
    const page = readFileSync(join(folder, "out/run.html"), "utf8");
    expect(page).not.toContain("Sweden <Central>");
    expect(page).not.toMatch(/(?:src|href)=/);
    const data = /<script type="application\/json" id="run-0">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect((JSON.parse(data) as { timeline: unknown[] }).timeline).toHaveLength(40);
  });

  it("counts what the gateway answers by itself in the table of the text and of the page", async () => {
    const alone = join(folder, "alone.yaml");
    writeFileSync(
      alone,
      readFileSync(breaker, "utf8")
        .replace(/^.*backend: sub-backend, priority.*\n/m, "")
        .replace("../../openapi", join(patterns, "../openapi")),
    );
    writeFileSync(join(folder, "s.yaml"), traffic.replace(/^ +sub-backend:.*$/m, ""));
    const args = ["-f", alone, "--scenario", "s.yaml"];
    const { stdout } = await simulate(...args);
    const own = /^\(gateway\) +([1-9]\d*) +(\d+ %)$/m.exec(stdout);
    expect(own).not.toBeNull();
    const page = (await simulate(...args, "--format", "html")).stdout;
    expect(page).toContain(`<td>(gateway)</td><td></td><td>${own?.[1]}</td><td>${own?.[2]}</td>`);
  });

  it.each([
    { name: "no scenario", text: traffic, args: [], code: 64, says: "--scenario" },
    {
      name: "a fault in it",
      text: "request: 1",
      args: ["--scenario", "s.yaml"],
      code: 1,
      says: "s.yaml:1:1",
    },
    { name: "no end", text: "call: {}", args: ["--scenario", "s.yaml"], code: 1, says: "has no end" },
    {
      name: "an unknown operation",
      text: "requests: 1\ncall: { operation: Completion_Create }",
      args: ["--scenario", "s.yaml"],
      code: 1,
      says: "s.yaml:2:20",
    },
    {
      name: "an unknown backend",
      text: "requests: 1\naccounts: { main-backed: {} }",
      args: ["--scenario", "s.yaml"],
      code: 1,
      says: "did you mean `main-backend`?",
    },
    {
      name: "an explanation as a picture",
      text: traffic,
      args: ["--scenario", "s.yaml", "--explain", "1", "--format", "svg"],
      code: 64,
      says: "--explain gives no svg",
    },
    {
      name: "a request that is not there",
      text: traffic,
      args: ["--scenario", "s.yaml", "--explain", "41"],
      code: 64,
      says: "40 requests",
    },
  ])("refuses $name", async ({ text, args, code, says }) => {
    writeFileSync(join(folder, "s.yaml"), text);
    const run = await simulate(...args);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(says);
  });
});
