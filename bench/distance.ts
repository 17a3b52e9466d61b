/** Plan and apply over many operations on a service that is 50 ms away, beside the time that the calls alone must take. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDistantService, type Calls } from "./distant-service.ts";

export type DistanceOptions = {
  readonly executable: string;
  readonly folder: string;
  readonly report: (name: string, text: string) => void;
};

const latencyMs = 50;
const apiCount = 4;
const operationsPerApi = 500;
/** A backend; each API with its document, and the documents of its operations. */
const resourceCount = 1 + apiCount * (2 + operationsPerApi);
/** What the adapter reads side by side, and what apply writes side by side when not told otherwise. */
const readsAtOnce = 32;
const writesAtOnce = 4;

export async function benchDistance({ executable, folder, report }: DistanceOptions): Promise<void> {
  const project = join(folder, "distant");
  writeProject(project);
  const service = await startDistantService(join(project, "state"), latencyMs);
  const timed = async (...args: string[]): Promise<number> => {
    service.takeCalls();
    const started = performance.now();
    await run(executable, project, [...args, "--arm-endpoint", service.endpoint]);
    return performance.now() - started;
  };
  const tell = (name: string, time: number): void => {
    const calls = [...service.takeCalls()].sort(([, a], [, b]) => b.count - a.count);
    const nominal = floorOf(calls, ({ count }) => count * latencyMs);
    const floor = floorOf(calls, ({ milliseconds }) => milliseconds);
    report(
      name,
      `${apiCount * operationsPerApi} operations on a service ${latencyMs} ms away: ${seconds(time)}. Its calls alone: ` +
        `${seconds(nominal)} at ${latencyMs} ms, ${seconds(floor)} as long as they took here; that is ${(time / floor).toFixed(2)} times ` +
        "the latter (aim: at most 1.3)",
    );
    const count = calls.reduce((sum, [, of]) => sum + of.count, 0);
    report("", `${(count / resourceCount).toFixed(2)} calls for each of ${resourceCount} resources:`);
    for (const [call, { count, milliseconds }] of calls)
      report("", `${String(count).padStart(6)}  ${call}, ${(milliseconds / count).toFixed(0)} ms each`);
  };
  try {
    tell("apply", await timed("apply", "--auto-approve", "--quiet"));
    tell("plan", await timed("plan", "--detailed-exitcode"));
  } finally {
    await service.close();
  }
}

/** The time of calls that are made side by side as far as apimgw allows. */
function floorOf(calls: readonly (readonly [string, Calls])[], time: (calls: Calls) => number): number {
  return calls.reduce((sum, [call, of]) => {
    const isRead = call.startsWith("GET ") && !call.endsWith("(poll)");
    return sum + time(of) / (isRead ? readsAtOnce : writesAtOnce);
  }, 0);
}

function writeProject(folder: string): void {
  mkdirSync(folder);
  const operations = Array.from({ length: operationsPerApi }, (_, index) => `Operation_${index}`);
  const paths = Object.fromEntries(
    operations.map((operationId) => [
      `/${operationId}`,
      { get: { operationId, responses: { "200": { description: "OK" } } } },
    ]),
  );
  const apis = Array.from({ length: apiCount }, (_, index) => [
    `api-${index}`,
    {
      path: `api-${index}`,
      openapi: "openapi.json",
      operations: Object.fromEntries(operations.map((id) => [id, { backend: "a" }])),
    },
  ]);
  const spec = {
    apimgw: 1,
    name: "bench",
    service: { subscriptionId: "00000000-0000-0000-0000-000000000001", resourceGroup: "rg", name: "bench" },
    backends: { a: { url: "https://a.example/openai" } },
    apis: Object.fromEntries(apis) as unknown,
  };
  writeFileSync(join(folder, "gateway.yaml"), JSON.stringify(spec));
  writeFileSync(
    join(folder, "openapi.json"),
    JSON.stringify({ openapi: "3.0.1", info: { title: "Large", version: "1" }, paths }),
  );
}

/** Not spawnSync: the service answers from this process. */
async function run(executable: string, cwd: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [executable, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (status !== 0)
    throw new Error(`apimgw ${args.join(" ")} ended with ${status ?? -1}\n${said.slice(0, 2000)}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
