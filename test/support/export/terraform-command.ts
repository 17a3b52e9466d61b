/** Terraform itself, where it is installed: it needs no provider to lay a file out or to evaluate a string. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../run-cli.ts";

/** Whether there is one; says that tests are left out when there is none. */
export function hasTerraform(): boolean {
  const found = run(["version"], process.cwd(), "");
  if (found.status === 0) return true;
  console.warn("skipped: there is no terraform on this machine");
  return false;
}

/** What `terraform fmt` would change in these files; empty when it can read them and would change nothing. */
export function formatFaults(files: readonly { readonly path: string; readonly text: string }[]): string {
  const folder = temporaryFolder();
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = run(["fmt", "-check", "-diff", "-no-color", "."], folder, "");
  return status === 0 ? "" : `${stdout}${stderr}`;
}

/** The values that Terraform reads from string literals. */
export function evaluateStrings(literals: readonly string[]): unknown {
  const folder = temporaryFolder();
  const items = literals.map((literal) => `    ${literal},\n`).join("");
  writeFileSync(join(folder, "main.tf"), `locals {\n  values = [\n${items}  ]\n}\n`);
  const { status, stdout, stderr } = run(["console"], folder, "jsonencode(local.values)\n");
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(JSON.parse(stdout) as string);
}

function run(args: readonly string[], cwd: string, input: string) {
  // An empty configuration, so that nothing of the machine's own is read; and nothing is looked up.
  const env = { PATH: process.env["PATH"], TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
  return spawnSync("terraform", args, { cwd, input, env, encoding: "utf8", timeout: 60_000 });
}
