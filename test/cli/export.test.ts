import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { exportTargets } from "../../src/core/export/targets.ts";
import { expectOutput } from "../support/json-output.ts";
import { temporaryFolder } from "../support/run-cli.ts";
import { createTestIo } from "./test-io.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");
const spec = join(fixtures, "export/gateway.yaml");
const otherSpec = join(fixtures, "patterns/simple/gateway.yaml");

async function run(cwd: string, ...args: string[]) {
  const { io, stdout, stderr } = createTestIo({ cwd });
  const code = await main(["export", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("export", () => {
  it.each(exportTargets)("shows the files and the secrets: %s", async (to) => {
    const { code, stdout, stderr } = await run("/", "-f", spec, "--to", to);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const main = { bicep: "main.bicep", terraform: "main.tf", arm: "azuredeploy.json" }[to];
    expect(stdout).toContain(` ${main}\n`);
    expect(stdout).toMatch(
      /To be given when it is deployed:\n {2}\w+ {2}Secret of the named value plain-secret/,
    );
  });

  it.each(exportTargets)("says as JSON what it wrote: %s", async (to) => {
    const cwd = temporaryFolder();
    const { code, stdout } = await run(cwd, "-f", spec, "--to", to, "-o", "infra/", "--format", "json");
    expect(code).toBe(0);
    expectOutput("export", stdout);
    const { files, directory } = JSON.parse(stdout) as {
      files: { path: string; text: string }[];
      directory: string;
    };
    expect(directory).toBe("infra");
    for (const { path, text } of files) expect(readFileSync(join(cwd, "infra", path), "utf8")).toBe(text);
  });

  it("wants to know the language", async () => {
    expect(await run("/", "-f", spec)).toEqual({
      code: 64,
      stdout: "",
      stderr:
        "error: export needs to know the language of the module\n  fix: Give --to with one of bicep, terraform, arm.\n",
    });
    const wrong = await run("/", "-f", spec, "--to", "pulumi");
    expect(wrong).toMatchObject({ code: 64, stdout: "" });
    expect(wrong.stderr).toContain("bicep, terraform, arm");
  });

  it("says what is wrong with the spec", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "gateway.yaml"), "apimgw: 1\nname: x\nservices: {}\n");
    const { code, stderr } = await run(cwd, "--to", "bicep");
    expect(code).toBe(1);
    expect(stderr).toContain("gateway.yaml:3:1");
  });

  it("names the service of the command line", async () => {
    const { stdout } = await run(
      "/",
      "-f",
      spec,
      "--to",
      "bicep",
      "--service",
      "other-apim",
      "--format",
      "json",
    );
    expect(stdout).toContain("param apiManagementName string = 'other-apim'");
    expect(stdout).not.toContain("contoso-apim");
  });

  it("overwrites its own, and nothing of others", async () => {
    const cwd = temporaryFolder();
    const write = (file: string, ...more: string[]) =>
      run(cwd, "-f", file, "--to", "terraform", "-o", ".", ...more);
    writeFileSync(join(cwd, "versions.tf"), "# by hand\n");
    const refused = await write(spec);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("not overwriting what is there: versions.tf");
    expect(readFileSync(join(cwd, "versions.tf"), "utf8")).toBe("# by hand\n");
    expect((await write(spec, "--force")).code).toBe(0);
    expect((await write(spec)).stderr).toContain("Wrote ");
    const other = await write(otherSpec);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("main.tf");
    expect((await write(otherSpec, "--force")).code).toBe(0);
    expect(readFileSync(join(cwd, "main.tf"), "utf8")).toContain("Written by apimgw export, spec 'simple'.");
  });
});
