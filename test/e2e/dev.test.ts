import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli, startCli, temporaryFolder } from "../support/run-cli.ts";

const spec = `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  a: { url: https://a.example/openai }
`;

function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ "gateway.yaml": spec, ...files }))
    writeFileSync(join(folder, name), text);
  return folder;
}

/** `apimgw dev` on any free port; resolves when it is ready. */
async function startDev(folder: string, ...more: string[]) {
  let stdout = "";
  const started = startCli(folder, ["dev", "--port", "0", "--management-port", "0", ...more]);
  onTestFinished(() => void started.child.kill("SIGKILL"));
  started.child.stdout?.on("data", (text: string) => (stdout += text));
  await started.says("apimgw-local-key");
  const management =
    /(?:local APIM is at |"management":")(http:\/\/127\.0\.0\.1:\d+)/.exec(stdout)?.[1] ?? "";
  const end = (signal: NodeJS.Signals) => {
    started.child.kill(signal);
    return started.ended;
  };
  const apply = () =>
    runCli(folder, ["apply", "--auto-approve", "--verbose", "--arm-endpoint", management], {
      APIMGW_ACCESS_TOKEN: "anything",
    });
  return { management, end, apply };
}

describe("apimgw dev", () => {
  it("serves other processes, shows what they ask, and ends as its signal would", async () => {
    const folder = folderWith();
    const { management, end, apply } = await startDev(folder);
    expect(await apply()).toMatchObject({ code: 0 });
    const { stdout, stderr, code, signal } = await end("SIGINT");
    expect([code, signal]).toEqual([null, "SIGINT"]);
    expect(stdout).toContain(`The local APIM is at ${management}, its state in .apimgw/local.\n`);
    expect(stdout).toContain(`APIMGW_ACCESS_TOKEN=anything apimgw plan --arm-endpoint ${management}\n`);
    expect(stderr).toMatch(
      /^PUT {4}contoso-apim\/backends\/a {2}201 {2}\d+ ms {2}\?api-version=2024-05-01$/m,
    );
    // What it stored is what --local finds.
    const plan = await runCli(folder, ["plan", "--local"]);
    expect(plan.stdout).toBe("No changes. The service matches the spec (1 resource).\n");
  });

  it("says in one line of JSON where it is, and nothing more when it is quiet", async () => {
    const { management, end, apply } = await startDev(folderWith(), "state", "--format", "json", "--quiet");
    expect(await apply()).toMatchObject({ code: 0 });
    const { stdout, stderr, signal } = await end("SIGTERM");
    const [line, ...more] = stdout.split("\n");
    const [, gateway] = /"gateway":"(http:\/\/127\.0\.0\.1:\d+)"/.exec(line ?? "") ?? [];
    expect(line).toBe(
      JSON.stringify({
        formatVersion: 1,
        gateway,
        management,
        subscriptionKey: "apimgw-local-key",
        subscriptions: [],
      }),
    );
    expect(more).toEqual([""]);
    expect(stderr).not.toContain("backends/a");
    expect(signal).toBe("SIGTERM");
  });

  it("makes the faults that its file asks for", async () => {
    const faults = "rules:\n  - { match: { method: PUT, nth: 1 }, status: 409 }\n";
    const { end, apply } = await startDev(folderWith({ "faults.yaml": faults }), "--faults", "faults.yaml");
    const applied = await apply();
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stderr).toContain("another change is under way (409)");
    const { stderr } = await end("SIGTERM");
    const writes = stderr.split("\n").filter((line) => line.startsWith("PUT"));
    expect(writes.map((line) => /\d{3}/.exec(line)?.[0])).toEqual(["409", "201"]);
  });

  it("points at what is wrong with the file of faults", async () => {
    const folder = folderWith({ "faults.yaml": "rules:\n  - { match: { methd: PUT }, status: 409 }\n" });
    const { code, stderr } = await runCli(folder, ["dev", "--faults", "faults.yaml"]);
    expect(code).toBe(1);
    expect(stderr).toContain("faults.yaml:2:16");
    expect(stderr).toContain("unknown key `methd` in rules[0].match, did you mean `method`?");
  });

  it("says that its folder or its port is in use", async () => {
    const folder = folderWith();
    const { management, end } = await startDev(folder);
    const sameFolder = await runCli(folder, ["plan", "--local"]);
    expect(sameFolder).toMatchObject({ code: 1, stdout: "" });
    expect(sameFolder.stderr).toMatch(/the local APIM in .*local is in use by process \d+/);
    const port = new URL(management).port;
    const samePort = await runCli(folder, [
      "dev",
      "other",
      "--port",
      "0",
      "--management-port",
      port,
      "--format",
      "json",
    ]);
    expect(samePort.code).toBe(1);
    expect(samePort.stdout).toContain("LOCAL.PORT_IN_USE");
    await end("SIGTERM");
  });
});
