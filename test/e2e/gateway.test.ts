/** The gateway on the desk and the one that is called, by the built command. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli, startCli, temporaryFolder } from "../support/run-cli.ts";

describe("test", () => {
  it("passes on what init writes, and fails when somebody breaks the gateway", async () => {
    const folder = temporaryFolder();
    await runCli(folder, ["init", ".", "--template", "burst-combined"]);
    expect(await runCli(folder, ["test", "--format", "json"])).toMatchObject({ code: 0, stderr: "" });
    const spec = readFileSync(join(folder, "gateway.yaml"), "utf8");
    writeFileSync(join(folder, "gateway.yaml"), spec.replace("        retry: true\n", ""));
    const broken = await runCli(folder, ["test"]);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain("FAIL  the caller does not see the 429s that open the breaker");
    expect(broken.stdout).toContain("    - expected 200\n    + got      429\n");
    expect(await runCli(folder, ["test", "--format", "json"])).toMatchObject({ code: 1 });
  });
});

describe("probe", () => {
  async function serve(): Promise<string> {
    const server = createServer((_, answer) => answer.writeHead(200, { "x-ms-region": "Here" }).end("{}"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("prints what its schema describes", async () => {
    const args = ["probe", await serve(), "-n", "5", "--format", "json"];
    const { code, stdout } = await runCli(temporaryFolder(), args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ summary: { calls: 5, groups: [{ region: "Here" }] } });
  });

  it.each(["SIGINT", "SIGTERM"] as const)("prints the summary on %s, and ends by it", async (signal) => {
    const args = ["probe", await serve(), "--duration", "1h", "--rate", "20/s"];
    const { child, says, ended } = startCli(temporaryFolder(), args);
    await says("    3  200  Here");
    child.kill(signal);
    const result = await ended;
    expect(result.signal).toBe(signal);
    expect(result.stdout).toMatch(/^200 +Here +\d+ +100 %/m);
  });
});
