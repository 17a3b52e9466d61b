// `npm start`: the main job on the embedded local APIM, step by step as a user would type it. Works in a temporary folder, so
// that the checkout stays clean. Ends with 1 as soon as a step does not do what it says.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const executable = resolve(fileURLToPath(import.meta.url), "../../bin/apimgw.js");
const folder = mkdtempSync(join(tmpdir(), "apimgw-demo-"));
const spec = join(folder, "gateway.yaml");

/** What the edit changes: chat requests are tried once more before they fail. */
const edit = {
  from: "retry: { on: [429, 503], count: 3, interval: 0 }",
  to: "retry: { on: [429, 503], count: 5, interval: 1 }",
};

/** Two callers, then six, against a main account that takes about twelve calls a minute. */
const scenario = `call: { api: azure-openai, operation: ChatCompletions_Create, deployment: gpt-4o, promptTokens: 30, completionTokens: 40 }
clients:
  - { count: 2, from: 0s, until: 3m, pause: 1s }
  - { count: 6, from: 3m, until: 6m, pause: 1s }
duration: 6m
accounts:
  aoai-main: { region: Sweden Central, latency: 400ms, tokensPerMinute: 8000, tokensPerCall: 660 }
  aoai-overflow: { region: East US, latency: 600ms }
`;

try {
  say("A gateway from a template, over the whole Azure OpenAI inference API.");
  apimgw(["init", ".", "--template", "burst-combined"], 0);
  say("Is it sound? What would the service reject, or accept and then misbehave on?");
  apimgw(["lint"], 0);
  say("What would change on the service? (2 = there are changes)");
  const first = apimgw(["plan", "--local", "--detailed-exitcode", "--out", "first.plan"], 2);
  expect(first, /to create, 0 to update, 0 to adopt, 0 to delete/, "a plan that creates");
  say("Do exactly what was shown.");
  apimgw(["apply", "first.plan", "--local"], 0);
  say("And again: the service is what the spec says.");
  expect(apimgw(["plan", "--local", "--detailed-exitcode"], 0), /^No changes\./, "a plan without changes");
  changeSpec();
  say("The plan shows the lines that change, and nothing else.");
  expect(
    apimgw(["plan", "--local", "--detailed-exitcode", "--out", "second.plan"], 2),
    /Plan: 0 to create, 1 to update, 0 to adopt, 0 to delete/,
    "one update",
  );
  apimgw(["apply", "second.plan", "--local"], 0);
  expect(apimgw(["plan", "--local", "--detailed-exitcode"], 0), /^No changes\./, "a plan without changes");
  say("Some traffic, in virtual time: who answers when the main account is out of quota?");
  writeFileSync(join(folder, "burst.yaml"), scenario);
  const traffic = apimgw(["simulate", "--scenario", "burst.yaml"], 0);
  expect(traffic, /^status 200 \d+$/m, "answers, and no 429 that a client sees");
  say("Done: every step did what it says.");
} catch (error) {
  process.stderr.write(`\ndemo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function say(text) {
  process.stdout.write(`\n# ${text}\n`);
}

function apimgw(args, expected) {
  process.stdout.write(`$ apimgw ${args.join(" ")}\n`);
  const color = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    cwd: folder,
    env: { ...process.env, ...color },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  // With a saved plan, progress comes before the summary; elsewhere only one of the two speaks.
  process.stdout.write(stderr + stdout);
  if (status !== expected) throw new Error(`apimgw ${args[0]} ended with ${status}, expected ${expected}`);
  return stdout.replace(/\u001b\[[0-9;]*m/g, "");
}

function expect(text, pattern, what) {
  if (!pattern.test(text)) throw new Error(`expected ${what}`);
}

function changeSpec() {
  const text = readFileSync(spec, "utf8");
  if (!text.includes(edit.from)) throw new Error(`the template lacks the line to edit: ${edit.from}`);
  writeFileSync(spec, text.replace(edit.from, edit.to));
  say(`One edit in gateway.yaml:\n#   - ${edit.from}\n#   + ${edit.to}`);
}
