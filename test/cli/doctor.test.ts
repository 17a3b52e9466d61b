import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { main } from "../../src/cli/main.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";

const account =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-ai/providers/Microsoft.CognitiveServices/accounts/contoso-swc";
const spec = {
  apimgw: 1,
  name: "contoso-ai",
  service: {
    subscriptionId: "00000000-0000-0000-0000-000000000001",
    resourceGroup: "rg-ai",
    name: "contoso-apim",
  },
  roles: "manage",
  backends: { swc: { url: "https://contoso-swc.openai.azure.com/openai", account } },
  apis: {
    ai: {
      path: "ai",
      managedIdentity: "https://cognitiveservices.azure.com/",
      operations: { Chat: { backend: "swc" } },
    },
  },
};

function folder(files: Readonly<Record<string, unknown>>): string {
  const path = mkdtempSync(join(tmpdir(), "apimgw-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, value] of Object.entries(files)) writeFileSync(join(path, name), JSON.stringify(value));
  return path;
}

async function run(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const { io, stdout, stderr } = createTestIo({ cwd, env });
  const code = await main(["doctor", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("doctor on the command line", () => {
  it("shows what is amiss, where, and what helps, and ends with 1", async () => {
    const { code, stdout } = await run(["--local"], folder({ "gateway.yaml": spec }));
    expect(code).toBe(1);
    expect(stdout).toContain("contoso-apim (local APIM, .apimgw/local)");
    expect(stdout).toMatch(
      / {2}✗ contoso-swc: the system-assigned identity .* gateway\.yaml:1:\d+\n {4}fix: `roles: manage`, or: az role/,
    );
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 error, 1 not checked.");
  });

  it("prints JSON as its schema has it", async () => {
    const { code, stdout } = await run(["--local", "--format", "json"], folder({ "gateway.yaml": spec }));
    expect(code).toBe(1);
    expectOutput("doctor", stdout);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      service: { name: "contoso-apim" },
      summary: { error: 1 },
    });
  });

  it("needs no spec, and ends with 0 when nothing is amiss", async () => {
    const { subscriptionId, resourceGroup, name } = spec.service;
    const args = [
      "--local",
      "--subscription",
      subscriptionId,
      "--resource-group",
      resourceGroup,
      "--service",
      name,
    ];
    const { code, stdout } = await run(args, folder({}));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("Nothing is amiss.");
    expect(code).toBe(0);
  });

  it("makes a finding of a token that is none", async () => {
    const args = ["--arm-endpoint", "http://127.0.0.1:9", "--format", "json"];
    const { code, stdout } = await run(args, folder({ "gateway.yaml": spec }), {
      APIMGW_ACCESS_TOKEN: "a b",
    });
    expect(code).toBe(1);
    expectOutput("doctor", stdout);
    expect(stdout).toContain("the value of APIMGW_ACCESS_TOKEN is not a bearer token: it holds white space");
    expect(stdout).toContain("not checked, since the sign-in failed");
  });

  it("makes findings of a service that cannot be reached", async () => {
    const { code, stdout } = await run(
      ["--arm-endpoint", "http://127.0.0.1:9"],
      folder({ "gateway.yaml": spec }),
    );
    expect(code).toBe(1);
    expect(stdout).toContain("✗ contoso-apim: cannot reach the management API at 127.0.0.1:9");
    expect(stdout).toContain("? contoso-apim: not checked, since the service could not be read");
  });

  it("refuses an endpoint that cannot be used, as other commands do", async () => {
    const { code, stderr } = await run(
      ["--arm-endpoint", "http://example.com"],
      folder({ "gateway.yaml": spec }),
    );
    expect(code).toBe(64);
    expect(stderr).toContain("the ARM endpoint cannot be used");
  });

  it("says what is wrong with a spec that is not sound", async () => {
    const { code, stderr } = await run(["--local"], folder({ "gateway.yaml": { ...spec, rolls: "x" } }));
    expect(code).toBe(1);
    expect(stderr).toContain("unknown key `rolls`");
  });
});
