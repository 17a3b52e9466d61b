/** `apimgw revisions`, `release` and `rollback` on the local APIM, from the command line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { expectOutput } from "../support/json-output.ts";
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

/** What calls get, and the others, newest first: `3*`, `2`. */
async function numbers(): Promise<string[]> {
  const { stdout } = await run("revisions", "tools", "--local", "--format", "json");
  expectOutput("revisions", stdout);
  const found = JSON.parse(stdout) as { revisions: { number: number; isCurrent: boolean }[] };
  return found.revisions.map(({ number, isCurrent }) => `${number}${isCurrent ? "*" : ""}`);
}

function writeSpec(backend: string, revision: string): void {
  writeFileSync(
    join(folder, "gateway.yaml"),
    `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
backends: { a: { url: https://a.example }, b: { url: https://b.example } }
apis:
  tools:
    path: tools
    openapi: passthrough
    revision: ${revision}
    operations: { Get: { backend: ${backend} } }
`,
  );
}

async function apply(backend: string, revision: string) {
  writeSpec(backend, revision);
  const { code, stderr } = await run("apply", "--local", "--auto-approve");
  expect(code, stderr).toBe(0);
}

it("releases what waits, goes back, and goes on", async () => {
  await apply("a", "{ release: manual }");
  expect(await numbers()).toEqual(["1*"]);
  await apply("b", "{ release: manual }");
  expect(await numbers()).toEqual(["2", "1*"]);

  const unattended = await run("release", "tools", "--local");
  expect(unattended.code).not.toBe(0);
  expect(unattended.stderr).toContain("--auto-approve");
  expect(await numbers()).toEqual(["2", "1*"]);

  const released = await run("release", "tools", "--local", "--auto-approve", "--notes", "Team B");
  expect(released.code, released.stderr).toBe(0);
  expect(released.stdout).toContain("Calls to API tools get revision 2 now; before, they got revision 1.");
  expect(await numbers()).toEqual(["2*", "1"]);
  expect((await run("revisions", "tools", "--local")).stdout).toMatch(
    /^ {3}2 {2}current .*Made by apimgw; Team B$/m,
  );
  expect((await run("plan", "--local", "--detailed-exitcode")).code).toBe(0);

  const back = await run("rollback", "tools", "--local", "--auto-approve", "--format", "json");
  expectOutput("release", back.stdout);
  expect(JSON.parse(back.stdout)).toMatchObject({ formatVersion: 1, api: "tools", revision: 1, before: 2 });
  expect(await numbers()).toEqual(["2", "1*"]);
  const plan = await run("plan", "--local", "--detailed-exitcode");
  expect(plan.code).toBe(2);
  expect(plan.stdout).toContain("tools;rev=3");

  await apply("b", "new");
  expect(await numbers()).toEqual(["3*", "2", "1"]);
  const toSecond = await run("rollback", "tools", "--local", "--auto-approve", "--revision", "2");
  expect(toSecond.code, toSecond.stderr).toBe(0);
  expect(await numbers()).toEqual(["3", "2*", "1"]);
});

it("applies a saved plan into the revision that it named, and leaves no drift behind", async () => {
  await apply("a", "new");
  writeSpec("b", "new");
  const planned = await run("plan", "--local", "--out", "plan.json");
  expect(planned.stdout).toContain("+ revision tools;rev=2  gateway.yaml:6\n      note: new revision 2");
  const applied = await run("apply", "plan.json", "--local", "--auto-approve");
  expect(applied.code, applied.stderr).toBe(0);
  expect(await numbers()).toEqual(["2*", "1"]);
  const drift = await run("plan", "--drift", "--local", "--detailed-exitcode");
  expect(drift.code, drift.stdout).toBe(0);
  const again = await run("apply", "plan.json", "--local", "--auto-approve");
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("changed on the service since the plan");
});

it("says what is wrong with what it was asked", async () => {
  await apply("a", "new");
  const said = async (...args: string[]) => {
    const { code, stderr } = await run(...args, "--local");
    expect(code).toBe(1);
    return stderr;
  };
  expect(await said("revisions", "tols")).toContain("did you mean `tools`?");
  expect(await said("release", "tools", "--auto-approve")).toContain(
    "no revision that waits for its release",
  );
  expect(await said("rollback", "tools", "--auto-approve")).toContain("no revision to go back to");
  expect(await said("rollback", "tools", "--revision", "7")).toContain("has no revision 7");
  expect(await said("rollback", "tools", "--revision", "1")).toContain("get revision 1 already");
});
