import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startCli, temporaryFolder } from "./run-cli.ts";
import type { StartedCli } from "./run-cli.ts";

export type StartedDev = {
  readonly gateway: string;
  readonly management: string;
  readonly key: string;
  /** Resolves when this text has been said. */
  readonly says: StartedCli["says"];
  readonly end: (signal?: NodeJS.Signals) => StartedCli["ended"];
};

/** A folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** `apimgw dev --format json` on any free ports; resolves when it is ready. Killed after the test. */
export async function startDev(folder: string, ...more: readonly string[]): Promise<StartedDev> {
  let stdout = "";
  const ports = ["--port", "0", "--management-port", "0"];
  const started = startCli(folder, ["dev", "--format", "json", ...ports, ...more]);
  onTestFinished(() => void started.child.kill("SIGKILL"));
  started.child.stdout?.on("data", (text: string) => (stdout += text));
  await started.says('"subscriptionKey":');
  const ready: unknown = JSON.parse(stdout);
  return {
    gateway: member(ready, "gateway"),
    management: member(ready, "management"),
    key: member(ready, "subscriptionKey"),
    says: started.says,
    end: (signal = "SIGTERM") => {
      started.child.kill(signal);
      return started.ended;
    },
  };
}

function member(value: unknown, name: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== "string") throw new Error(`no ${name} in ${JSON.stringify(value)}`);
  return found;
}
