import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository, temporaryFolder } from "../support/run-cli.ts";

/** Runs npm with the settings of the machine, which may name another registry. */
function npm(cwd: string, ...args: string[]): string {
  const env = { ...process.env, npm_config_update_notifier: "false" };
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

it("the packed tarball installs in an empty folder and runs there", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  npm(repository, "pack", "--ignore-scripts", "--pack-destination", folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  npm(folder, "init", "-y");
  npm(folder, "install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball));
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [join(folder, "node_modules/apimgw/bin/apimgw.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  expect(existsSync(join(folder, "node_modules/.bin/apimgw"))).toBe(true);
  expect(run("--help")).toContain("apimgw");
  run("init", "gateway", "--template", "simple");
  expect(run("lint", "-f", "gateway/gateway.yaml")).toContain("No problems");
  expect(run("plan", "-f", "gateway/gateway.yaml", "--local")).toMatch(/Plan: \d+ to create/);
  run("apply", "-f", "gateway/gateway.yaml", "--local", "--auto-approve");
  expect(run("plan", "-f", "gateway/gateway.yaml", "--local")).toContain("No changes.");
});
