// The chores behind `npm start`, `npm test`, `npm run bench` and `npm run fuzz`: a list of steps each, stopping at the first that fails.
// Tools run on the Node in node_modules, whatever Node runs this.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const testResults = join("node_modules", ".cache", "vitest", "results.json");

const build = { name: "build", command: "node scripts/build.mjs" };

const chores = {
  check: [
    { name: "format", command: "prettier --check --log-level warn ." },
    {
      name: "types",
      command: "tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/tsc.tsbuildinfo",
    },
    {
      name: "lint",
      command:
        "eslint . --max-warnings 0 --cache --cache-strategy content --cache-location node_modules/.cache/eslint/",
    },
    build,
    {
      name: "tests",
      command: `vitest run --reporter=default --reporter=json --outputFile.json=${testResults}`,
      before: () => rmSync(join(root, testResults), { force: true }),
      after: countTests,
    },
  ],
  demo: [build, { name: "demo", command: "node scripts/demo.mjs", isQuiet: true }],
  bench: [build, { name: "bench", command: "tsx bench/bench.ts", isQuiet: true }],
  fuzz: [{ name: "fuzz", command: "tsx bench/fuzz.ts", isQuiet: true }],
};

const steps = chores[process.argv[2] ?? ""];
if (steps === undefined) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(chores).join("|")}`);
  process.exitCode = 64;
} else {
  process.exitCode = runAll(steps);
}

function runAll(steps) {
  for (const step of steps) {
    step.before?.();
    const status = runStep(step);
    step.after?.();
    if (status !== 0) return status;
  }
  return 0;
}

function runStep({ name, command, isQuiet }) {
  const started = performance.now();
  if (!isQuiet) process.stdout.write(`${name}: ${command}\n`);
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`;
  const { status, signal } = spawnSync(command, {
    cwd: root,
    stdio: "inherit",
    shell: true,
    env: { ...process.env, PATH: path },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (!isQuiet) process.stdout.write(`${name}: ${status === 0 ? "ok" : "FAILED"} in ${seconds} s\n`);
  return status ?? (signal === "SIGINT" ? 130 : 1);
}

/** The closing line, for people and for machines that count. */
function countTests() {
  try {
    const {
      numPassedTests,
      numFailedTests,
      testResults: files,
    } = JSON.parse(readFileSync(join(root, testResults), "utf8"));
    // A file that cannot be loaded has no tests that could fail.
    const isBroken = ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed");
    console.log(`${numPassedTests} passed, ${numFailedTests + files.filter(isBroken).length} failed`);
  } catch {
    console.error("error: vitest left no results");
  }
}
