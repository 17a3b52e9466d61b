/**
 * `npm run bench`: figures, not tests. Start-up is a whole process against `node -e 0` in the same run; compiling, parsing and
 * printing are timed in this process, the first run apart since a command line has only that; the plan is the built command
 * against the local APIM, and once more, with apply, against one that is far away.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "../src/core/compile/compile.ts";
import { parseOpenApi } from "../src/core/openapi/parse.ts";
import { parsePolicyDocument } from "../src/core/policy/parse.ts";
import { printPolicyDocument } from "../src/core/policy/print.ts";
import type { PolicyDocument } from "../src/core/policy/tree.ts";
import { parseSpec } from "../src/core/spec/parse-spec.ts";
import { benchDistance } from "./distance.ts";
import { measureDev, soakDev } from "./bench-dev.ts";
import { measureSimulate } from "./bench-simulate.ts";
import { writeWholeGateway } from "./whole-gateway.ts";

const root = resolve(import.meta.dirname, "..");
const executable = join(root, "bin/apimgw.js");
const operationCount = 2000;

const folder = mkdtempSync(join(tmpdir(), "apimgw-bench-"));
try {
  const soaked = process.env["SOAK_REQUESTS"];
  if (soaked === undefined) await benchAll();
  else await soak(Number(soaked));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function benchAll(): Promise<void> {
  benchStartUp();
  const spec = writeLargeGateway();
  benchCompile(spec);
  benchPlan();
  benchWholeGateway();
  await benchDistance({ executable, folder, report });
  benchPolicies();
  benchLint();
  benchSimulate();
  await benchDev();
}

/** `SOAK_REQUESTS=1000000 npm run bench`: whether the memory of `dev` grows with its requests. Takes minutes. */
async function soak(count: number): Promise<void> {
  const started = performance.now();
  await soakDev(folder, count, ({ answered, megabytes }) => {
    const rate = (answered * 1000) / (performance.now() - started);
    report("soak", `${answered} requests: ${megabytes?.toFixed(0) ?? "?"} MB; ${rate.toFixed(0)} requests/s`);
  });
}

function benchStartUp(): void {
  const node = processTimes(["-e", "0"], 15);
  const help = processTimes([executable, "--help"], 15);
  const ratio = median(help) / median(node);
  report(
    "start-up",
    `apimgw --help ${ms(median(help))}, node -e 0 ${ms(median(node))}: ${ratio.toFixed(2)} times (aim: at most 2)`,
  );
}

function benchCompile({ specText, openApiText }: LargeGateway): void {
  const documents: PolicyDocument[] = [];
  const compileOnce = (): void => {
    const { parsed } = parseSpec(specText, { file: "gateway.yaml", variables: {} });
    const openApi = parseOpenApi(openApiText, "openapi.json");
    if (parsed === undefined || !openApi.ok) throw new Error("the generated gateway is not sound");
    const { model } = compile({
      parsed,
      openApi: new Map([["large", openApi.document]]),
      policySources: new Map(),
    });
    documents.length = 0;
    documents.push(...model.resources.flatMap(({ document }) => document ?? []));
  };
  const printOnce = (): void => {
    for (const document of documents) printPolicyDocument(document, { dialect: "xml" });
  };
  const runs = [0, 1, 2, 3, 4].map(() => ({ compile: timed(compileOnce), print: timed(printOnce) }));
  const figures = (times: readonly number[]): string =>
    `first run ${ms(times[0] ?? 0)}, median ${ms(median(times))}`;
  report(
    "compile",
    `spec with ${operationCount} operations, read and compiled: ${figures(runs.map((run) => run.compile))} (aim: under 300 ms); ` +
      `its ${documents.length} documents printed: ${figures(runs.map((run) => run.print))}`,
  );
}

function benchPlan(): void {
  run(["apply", "--local", "--auto-approve", "--quiet"]);
  const times = [0, 1, 2].map(() => timed(() => run(["plan", "--local", "--detailed-exitcode"])));
  report(
    "plan",
    `over ${operationCount} operations on the local APIM, no changes: ${ms(median(times))} as a whole process (aim: under 5 s)`,
  );
}

/** The template whole-gateway ten times over: many kinds of resources, and large documents read again and again. */
function benchWholeGateway(): void {
  const project = join(folder, "whole");
  mkdirSync(project);
  writeWholeGateway(project, 10);
  const timedRun = (...args: string[]): number => timed(() => run(args, project));
  const render = [0, 1, 2].map(() => timedRun("render", "-o", "rendered"));
  const apply = timedRun("apply", "--local", "--auto-approve", "--quiet");
  const plan = [0, 1, 2].map(() => timedRun("plan", "--local", "--detailed-exitcode"));
  report(
    "whole",
    `the template whole-gateway ten times over, as whole processes on the local APIM: render ${ms(median(render))}, ` +
      `apply ${ms(apply)}, plan without changes ${ms(median(plan))}`,
  );
}

function run(args: readonly string[], cwd = folder): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new Error(
      `apimgw ${args.join(" ")} ended with ${status ?? -1}\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`,
    );
}

function benchPolicies(): void {
  const corpus = resolve(root, "../shared/corpus/good");
  const folders = existsSync(corpus) ? corpus : join(root, "fixtures/patterns");
  const texts = readdirSync(folders, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".xml"))
    .map((name) => readFileSync(join(folders, name), "utf8"));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const documents: PolicyDocument[] = [];
  const parse = (): void => {
    documents.length = 0;
    for (const text of texts) {
      const parsed = parsePolicyDocument(text, { dialect: "auto" });
      if (parsed.ok) documents.push(parsed.document);
    }
  };
  const print = (): void => {
    for (const document of documents) printPolicyDocument(document, { dialect: "rawxml" });
  };
  parse();
  print();
  const [parseTime, printTime] = [parse, print].map((work) => median([0, 1, 2, 3, 4].map(() => timed(work))));
  const rate = (time = 0): string => `${(bytes / 1e6 / (time / 1000)).toFixed(1)} MB/s`;
  report(
    "policies",
    `${texts.length} documents, ${(bytes / 1e6).toFixed(2)} MB: parse ${rate(parseTime)}, print ${rate(printTime)}`,
  );
}

/** The built command over the corpus, with and without the C# in expressions, and over one small file. */
function benchLint(): void {
  const corpus = resolve(root, "../shared/corpus/good");
  const from = existsSync(corpus) ? corpus : join(root, "fixtures/patterns");
  const one = join(folder, "one.xml");
  writeFileSync(
    one,
    "<policies><inbound><base /><set-method>@(context.Request.Method)</set-method></inbound></policies>",
  );
  const lint = (...args: string[]): number =>
    median(
      [0, 1, 2, 3, 4].map(() =>
        timed(() =>
          spawnSync(process.execPath, [executable, "lint", "policies", ...args, "--format", "json"], {
            maxBuffer: 1 << 28,
          }),
        ),
      ),
    );
  const files = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".xml"),
  );
  const bytes = files.reduce((sum, name) => sum + statSync(join(from, name)).size, 0);
  const rate = (time: number): string =>
    `${ms(time)}, ${((files.length / time) * 1000).toFixed(0)} documents/s, ${(bytes / 1e6 / (time / 1000)).toFixed(2)} MB/s`;
  report(
    "lint",
    `${files.length} documents as a whole process: ${rate(lint(from))}; without expressions ${rate(lint(from, "--no-expressions"))}`,
  );
  report(
    "",
    `one file, start-up to end: ${ms(lint(one))} (aim: under 250 ms), without expressions ${ms(lint(one, "--no-expressions"))} (aim: under 150 ms)`,
  );
}

/** Virtual traffic through burst-combined: its rate, and whether memory grows with it. */
function benchSimulate(): void {
  const short = measureSimulate(folder, 100_000);
  const long = measureSimulate(folder, 1_000_000);
  const rate = 900_000 / ((long.milliseconds - short.milliseconds) / 1000);
  report(
    "simulate",
    `burst-combined: ${Math.round(rate)} requests/s (aim: at least 50000); most memory ${short.megabytes.toFixed(0)} MB for 100,000 requests, ${long.megabytes.toFixed(0)} MB for a million`,
  );
}

/** Both on the same machine as their load and their backend: the share says more than the rates. */
async function benchDev(): Promise<void> {
  const { proxy, dev, megabytes } = await measureDev(folder, 5000);
  const share = ((dev.perSecond / proxy.perSecond) * 100).toFixed(0);
  const memory = megabytes === undefined ? "" : `; ${megabytes.toFixed(0)} MB`;
  report(
    "dev",
    `${dev.perSecond.toFixed(0)} requests/s, a bare Node proxy ${proxy.perSecond.toFixed(0)}: ${share} % (aim: at least 50 %); ` +
      `added p50 ${(dev.p50 - proxy.p50).toFixed(1)} ms, p99 ${(dev.p99 - proxy.p99).toFixed(1)} ms${memory}`,
  );
}

type LargeGateway = { readonly specText: string; readonly openApiText: string };

function writeLargeGateway(): LargeGateway {
  const ids = Array.from({ length: operationCount }, (_, index) => `Operation_${index}`);
  const paths = Object.fromEntries(ids.map((id) => [`/${id}/{item}`, { get: operationOf(id) }]));
  const openApiText = JSON.stringify({ openapi: "3.0.1", info: { title: "Large", version: "1" }, paths });
  const operations = ids.map(
    (id, index) => `      ${id}: { backend: a${index % 3 === 0 ? ", fallback: [b, c]" : ""} }`,
  );
  const specText = `apimgw: 1
name: bench
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: bench }
backends:
  a: { url: https://a.example/openai }
  b: { url: https://b.example/openai }
  c: { url: https://c.example/openai }
apis:
  large:
    path: large
    openapi: openapi.json
    managedIdentity: https://cognitiveservices.azure.com/
    operations:
${operations.join("\n")}
`;
  writeFileSync(join(folder, "gateway.yaml"), specText);
  writeFileSync(join(folder, "openapi.json"), openApiText);
  return { specText, openApiText };
}

function operationOf(id: string): object {
  const parameters = [{ name: "item", in: "path", required: true, schema: { type: "string" } }];
  return { operationId: id, parameters, responses: { "200": { description: "OK" } } };
}

function processTimes(args: readonly string[], runs: number): number[] {
  return Array.from({ length: runs }, () => timed(() => spawnSync(process.execPath, args, { cwd: folder })));
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function report(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(10)}${text}\n`);
}
