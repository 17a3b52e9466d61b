import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const child = join(import.meta.dirname, "process-io-child.ts");

function start(mode: string) {
  const running = spawn(process.execPath, [child, mode], { stdio: ["ignore", "pipe", "pipe"] });
  const seen = { stdout: "", stderr: "" };
  running.stdout.setEncoding("utf8").on("data", (text: string) => (seen.stdout += text));
  running.stderr.setEncoding("utf8").on("data", (text: string) => (seen.stderr += text));
  const ended = once(running, "close").then(([code, signal]: unknown[]) => ({ code, signal, ...seen }));
  const says = async (text: string) => {
    while (!seen.stderr.includes(text)) await once(running.stderr, "data");
  };
  return { running, ended, says };
}

// Windows has no signals that a process can send itself and be seen to die of.
describe.skipIf(process.platform === "win32")("an interrupted run", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("ends its work, then ends as %s would", async (name) => {
    const { running, ended, says } = start("wait");
    await says("ready");
    running.kill(name);
    expect(await ended).toMatchObject({ code: null, signal: name, stdout: "finished\n" });
  });

  it("ends at once at the second signal", async () => {
    const { running, ended, says } = start("wait-long");
    await says("ready");
    running.kill("SIGINT");
    await says("got SIGINT");
    running.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM", stdout: "" });
  });
});

it("ends quietly, with its own exit code, when the reader leaves", async () => {
  const { running, ended } = start("flood");
  await once(running.stdout, "data");
  running.stdout.destroy();
  expect(await ended).toMatchObject({ code: 3, signal: null, stderr: "" });
});

it.skipIf(!existsSync("/dev/full"))("fails without a stack trace when the output has no room", () => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [child, "flood"], {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^error: the output cannot be written: ENOSPC[^\n]*\n$/) as string,
  });
});
