import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";

const service = [
  ...["--subscription", "00000000-0000-0000-0000-000000000000"],
  ...["--resource-group", "rg-ai-gateway", "--service", "contoso-apim"],
];

describe("pull from the local APIM", () => {
  it("writes a spec that lints and plans without a change", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const run = (...args: string[]) => runInProcess(folder, args);
    await run("init", "made", "--template", "burst-retry");
    expect(await run("apply", "-f", "made/gateway.yaml", "--local", "--auto-approve")).toMatchObject({
      code: 0,
    });

    const nowhere = await run("pull", "got", "--local");
    expect(nowhere).toMatchObject({ code: 64, stdout: "" });
    expect(nowhere.stderr).toContain("give --subscription, --resource-group, --service");
    const unfit = await run("pull", "got", "--local", ...service, "--name", "no spaces");
    expect(unfit).toMatchObject({ code: 64, stdout: "" });
    const unknown = await run("pull", "got", "--local", ...service, "--api", "azure-opnai");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain("did you mean `azure-openai`?");

    const pulled = await run("pull", "got", "--local", ...service);
    expect(pulled).toMatchObject({ code: 0, stderr: "" });
    expect(pulled.stdout).toContain("apimgw plan -f got/gateway.yaml --local .apimgw/local");
    expect(readdirSync(join(folder, "got")).sort()).toEqual([
      ".gitignore",
      "gateway.schema.json",
      "gateway.yaml",
    ]);
    expect(readFileSync(join(folder, "got/gateway.yaml"), "utf8")).toContain("        fallback: [aoai-");
    expect(readFileSync(join(folder, "got/gateway.yaml"), "utf8")).toContain("        streaming: true\n");
    expect(await run("lint", "-f", "got/gateway.yaml")).toMatchObject({ code: 0 });
    const plan = await run("plan", "-f", "got/gateway.yaml", "--local", "--detailed-exitcode");
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(plan.stdout).toContain("No changes.");

    const again = await run("pull", "got", "--local");
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toContain("not overwriting what is there: got/gateway.yaml");
    const forced = await run("pull", "got", "--local", "--force", "--format", "json");
    expect(forced).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(forced.stdout)).toEqual({
      formatVersion: 1,
      service: {
        subscriptionId: "00000000-0000-0000-0000-000000000000",
        resourceGroup: "rg-ai-gateway",
        name: "contoso-apim",
      },
      name: "contoso-ai",
      written: ["got/gateway.yaml", "got/gateway.schema.json"],
      notes: [],
      remaining: [],
    });
  });
});
