import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { expectOutputOf } from "./json-output.ts";
import { recordCommand } from "./contract/recorded-command.ts";

export const repository = resolve(import.meta.dirname, "../..");

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type StartedCli = {
  readonly child: ChildProcess;
  /** Resolves when this text has been written to standard output or standard error; rejects when the run ends without it. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<Run & { readonly signal: NodeJS.Signals | null }>;
};

/** Starts the built command line in a folder, without a terminal. */
export function startCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedCli {
  const requests = recordCommand();
  const child = spawn(process.execPath, [join(repository, "bin/apimgw.js"), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...requests.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Awaited<StartedCli["ended"]>>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => {
      requests.collect();
      done({ code, signal, ...said });
    });
  });
  const says = async (text: string): Promise<void> => {
    const isSaid = (): boolean => said.stdout.includes(text) || said.stderr.includes(text);
    const heard = new Promise<void>((resolve) => {
      listeners.add(() => isSaid() && resolve());
      if (isSaid()) resolve();
    });
    await Promise.race([heard, ended]);
    if (!isSaid()) throw new Error(`it ended without saying ${text}:\n${said.stdout}${said.stderr}`);
  };
  return { child, says, ended };
}

/** Runs the built command line in a folder, without a terminal. JSON that has a schema must be as it says. */
export async function runCli(...started: Parameters<typeof startCli>): Promise<Run> {
  const { code, stdout, stderr } = await startCli(...started).ended;
  expectOutputOf(started[1], stdout);
  return { code, stdout, stderr };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "apimgw-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
