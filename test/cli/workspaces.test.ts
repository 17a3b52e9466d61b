/** Workspaces from the command line, on the local APIM. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { createTestIo } from "./test-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(args, io);
  return { code, stdout: stdout(), stderr: stderr() };
}

function writeSpec(workspace: string): void {
  writeFileSync(
    join(folder, "gateway.yaml"),
    `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim${workspace} }
backends: { a: { url: https://a.example } }
apis:
  tools:
    path: tools
    openapi: passthrough
    operations: { Get: { backend: a } }
products: { p: { apis: [tools], subscriptions: [app] } }
`,
  );
}

it("plans, saves, applies, pulls and destroys in the workspace that the flag names", async () => {
  writeSpec("");
  const planned = await run("plan", "--local", "--workspace", "one", "--out", "plan.json");
  expect(planned.code, planned.stderr).toBe(0);
  expect(planned.stdout).toContain("apim/one (local APIM");
  expect(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))).toMatchObject({
    service: { name: "apim", workspace: "one" },
    origin: { overrides: { workspace: "one" } },
  });
  const other = await run("apply", "plan.json", "--local", "--workspace", "two", "--auto-approve");
  expect(other.code).toBe(64);
  const applied = await run("apply", "plan.json", "--local", "--auto-approve");
  expect(applied.code, applied.stderr).toBe(0);
  expect((await run("plan", "--local", "--workspace", "one", "--detailed-exitcode")).code).toBe(0);
  expect((await run("plan", "--local", "--detailed-exitcode")).code).not.toBe(0);

  const keys = await run("keys", "--local", "--workspace", "one", "--format", "json");
  expect(JSON.parse(keys.stdout)).toMatchObject({
    service: { workspace: "one" },
    subscriptions: [{ id: "app" }],
  });

  const from = ["--subscription", "00000000-0000-0000-0000-000000000001", "--resource-group", "rg"];
  const pulled = await run("pull", "pulled", ...from, "--service", "apim", "--workspace", "one", "--local");
  expect(pulled.code, pulled.stderr).toBe(0);
  const text = readFileSync(join(folder, "pulled/gateway.yaml"), "utf8");
  expect(text).toContain("workspace: one");
  expect(text).toContain("# What workspace one of API Management service apim held");
  const again = await run("plan", "-f", "pulled/gateway.yaml", "--local", "--detailed-exitcode");
  expect(again.code, again.stdout).toBe(0);

  const destroyed = await run("destroy", "-f", "pulled/gateway.yaml", "--local", "--auto-approve");
  expect(destroyed.code, destroyed.stderr).toBe(0);
  expect((await run("destroy", "--local", "--workspace", "one", "--auto-approve")).stderr).toContain(
    "Nothing on apim/one",
  );
});

it("says where a workspace has no sound id", async () => {
  writeSpec(", workspace: a/b");
  const { code, stderr, stdout } = await run("lint");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("gateway.yaml:3:");
  expect(stdout + stderr).toContain("`workspace`: expected letters");
});

it("looks for the workspace when it examines the service", async () => {
  writeSpec(", workspace: one");
  const { stdout } = await run("doctor", "--local", "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({ service: { workspace: "one" } });
  expect((JSON.parse(stdout) as { findings: object[] }).findings).toContainEqual(
    expect.objectContaining({ check: "workspace", subject: "one", status: "ok" }),
  );
});
