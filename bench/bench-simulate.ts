/** Virtual traffic through the pattern burst-combined with the built command: how long it takes, and what memory. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const spec = join(root, "fixtures/patterns/burst-combined/gateway.yaml");

const scenario = (requests: number): string => `
call: { api: azure-openai, operation: ChatCompletions_Create }
clients: [{ count: 40, pause: 100ms }]
requests: ${requests}
accounts:
  main-backend: { region: Sweden Central, latency: 400ms, tokensPerMinute: 80000, tokensPerCall: 70 }
  sub-backend: { region: East US, latency: { min: 300ms, max: 700ms } }
`;

/** Runs in the process before the command: says at its end how much memory it has had, in KB. */
const tellMemory =
  "data:text/javascript,process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))";

export type SimulateFigures = {
  /** Of the whole process. */
  readonly milliseconds: number;
  /** Most memory of the process, in MB. */
  readonly megabytes: number;
};

/** Figures of one run with that many requests; its scenario is written into the folder. */
export function measureSimulate(folder: string, requests: number): SimulateFigures {
  const file = join(folder, `scenario-${requests}.yaml`);
  writeFileSync(file, scenario(requests));
  const started = performance.now();
  const args = [
    "--import",
    tellMemory,
    join(root, "bin/apimgw.js"),
    "simulate",
    "-f",
    spec,
    "--scenario",
    file,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const milliseconds = performance.now() - started;
  if (status !== 0 || !stdout.includes(`status 200 ${requests}\n`)) throw new Error(`${stdout}\n${stderr}`);
  return { milliseconds, megabytes: Number(stderr) / 1024 };
}
