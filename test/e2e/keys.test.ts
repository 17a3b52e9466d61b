import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, temporaryFolder } from "../support/run-cli.ts";
import { startDev } from "../support/start-dev.ts";

it("lists, shows and replaces keys of the pattern shared, which are nowhere else", async () => {
  const folder = temporaryFolder();
  const run = (...args: string[]) => runCli(folder, args);
  await run("init", ".", "--template", "shared");
  const applied = await run("apply", "--local", "--auto-approve", "-v");
  expect(applied).toMatchObject({ code: 0 });
  const listed = await run("keys", "--local");
  expect(listed).toMatchObject({ code: 0, stderr: "" });
  expect(listed.stdout).toMatch(/^team-a\/team-a-app +active +Team A app$/m);
  const shown = await run("keys", "team-a/team-a-app", "--show", "--local", "-v");
  const keys = [...shown.stdout.matchAll(/[0-9a-f]{32}/g)].map(([key]) => key);
  expect(keys).toHaveLength(2);
  const journals = join(folder, ".apimgw/journal");
  const said = [applied.stdout, applied.stderr, listed.stdout, shown.stderr]
    .concat(readdirSync(journals).map((name) => readFileSync(join(journals, name), "utf8")))
    .join("\n");
  for (const key of keys) expect(said).not.toContain(key);

  expect(await run("keys", "team-a-app", "--regenerate", "secondary", "--local")).toMatchObject({ code: 64 });
  expect(await run("keys", "--regenerate", "secondary", "--auto-approve", "--local")).toMatchObject({
    code: 64,
  });
  expect(await run("keys", "team-a-ap", "--local")).toMatchObject({ code: 1 });
  const swallowed = await run("keys", "--show", "--local", "team-a/team-a-app");
  expect(swallowed).toMatchObject({ code: 64, stdout: "" });
  expect(swallowed.stderr).toContain("Write the name first: apimgw keys team-a/team-a-app --local");
  expect(readdirSync(folder)).not.toContain("team-a");
  const renewed = await run(
    "keys",
    "team-a-app",
    "--regenerate",
    "secondary",
    "--auto-approve",
    "--show",
    "--local",
  );
  expect(renewed.stdout).toContain(keys[0]);
  expect(renewed.stdout).not.toContain(keys[1]);
});

it("serves each subscription with the policies of its product", async () => {
  const folder = temporaryFolder();
  await runCli(folder, ["init", ".", "--template", "shared"]);
  const dev = await startDev(folder);
  const call = (key: string) =>
    fetch(`${dev.gateway}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`, {
      method: "POST",
      headers: { "api-key": key, "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ role: "user", content: "hi" }] }),
    });
  const team = await call("apimgw-local-key.team-b.team-b-app");
  expect([team.status, team.headers.has("remaining-tokens")]).toEqual([200, true]);
  const everything = await call(dev.key);
  expect([everything.status, everything.headers.has("remaining-tokens")]).toEqual([200, false]);
  expect((await call("apimgw-local-key.team-a.team-b-app")).status).toBe(401);
});
