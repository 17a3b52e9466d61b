import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { exitCodeMeanings } from "../../src/cli/exit-codes.ts";
import { main } from "../../src/cli/main.ts";
import { createTestIo, type TestIoOptions } from "./test-io.ts";

async function runMain(argv: readonly string[], options: TestIoOptions = {}) {
  const { io, stdout, stderr } = createTestIo(options);
  const code = await main(argv, io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("help", () => {
  it("lists every command and every exit code", async () => {
    const { code, stdout, stderr } = await runMain(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const { name, summary } of commands)
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary}`, "m"));
    for (const { code: exit, meaning } of exitCodeMeanings)
      expect(stdout).toContain(`${exit}`.padEnd(4) + meaning);
  });

  it.each(commands.map((command) => [command.name, command] as const))("of %s", async (name, command) => {
    const { code, stdout } = await runMain([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: apimgw ${name} `));
    for (const { flags } of Object.values(command.options)) expect(stdout).toContain(flags);
    for (const example of command.examples) expect(stdout).toContain(example.command);
    expect(stdout).toContain("Exit codes:");
    expect(stdout).toContain("  64  wrong usage");
    // Commander's own help command knows the outer names only.
    if (name.includes(" ")) return;
    expect(await runMain(["help", name])).toMatchObject({ code: 0, stdout });
  });

  it("says in plan what 2 means, and nowhere else", async () => {
    for (const { name } of commands) {
      const { stdout } = await runMain([...name.split(" "), "--help"]);
      expect(/^ {2}2 {3}done, and there are changes/m.test(stdout)).toBe(name === "plan");
    }
  });

  it("of a command that does not exist is wrong usage", async () => {
    const { code, stdout, stderr } = await runMain(["help", "aply"]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain("unknown command 'aply'");
  });

  it("goes to stderr with 64 when no command is given", async () => {
    const { code, stdout, stderr } = await runMain([]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain("Usage: apimgw");
  });

  it("does not run off a narrow or wide terminal's width", async () => {
    const { stdout } = await runMain(["plan", "--help"]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});

it("prints the version", async () => {
  const { code, stdout } = await runMain(["--version"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

const wrong: readonly (readonly [string, string, readonly string[]])[] = [
  ["aply", "USAGE.UNKNOWN_COMMAND", ["unknown command 'aply'", "Did you mean apply?"]],
  ["plan --fromat json", "USAGE.UNKNOWN_OPTION", ["unknown option '--fromat'", "Did you mean --format?"]],
  ["plan --format yaml", "USAGE.INVALID_ARGUMENT", ["'yaml' is invalid", "text, json, markdown"]],
  ["lint --format markdown", "USAGE.INVALID_ARGUMENT", ["'markdown' is invalid", "text, json"]],
  ["plan --cloud AzureGermany", "USAGE.INVALID_ARGUMENT", ["AzureCloud, AzureChinaCloud, AzureUSGovernment"]],
  ["apply --concurrency 0", "USAGE.INVALID_ARGUMENT", ["whole number from 1 to 50"]],
  ["apply --concurrency 51", "USAGE.INVALID_ARGUMENT", ["whole number from 1 to 50"]],
  ["apply --concurrency 1e1", "USAGE.INVALID_ARGUMENT", ["whole number from 1 to 50"]],
  ["render -o", "USAGE.OPTION_MISSING_ARGUMENT", ["-o, --output <path>"]],
  ["apply a.plan b.plan", "USAGE.EXCESS_ARGUMENTS", ["too many arguments"]],
  ["lint polices", "USAGE.EXCESS_ARGUMENTS", ["too many arguments", "apimgw lint --help"]],
  ["lint --rule unknown-key=off", "USAGE.RULE", ["`unknown-key`"]],
  ["explain unkown-policy", "USAGE.UNKNOWN_RULE", ["Did you mean unknown-policy?"]],
  ["-f gateway.yaml lint", "USAGE.UNKNOWN_OPTION", ["Options come after the command: `apimgw lint ...`"]],
  ["plan --local --cloud AzureCloud", "USAGE.CONFLICTING_OPTION", ["--local", "--cloud"]],
];

describe("wrong usage of commands in commands", () => {
  it.each<[string, readonly string[]]>([
    ["lint policies", ["'path'", "apimgw lint policies --help"]],
    ["lint --format json policies a.xml", ["--format stands before", "apimgw lint policies ..."]],
    ["lint policies a.xml --fx", ["Did you mean --fix?"]],
    ["lint policies a.xml --dry-run", ["--fix"]],
    ["lint policies - --fix", ["--dry-run"]],
    ["lint policies a.xml --rule unkown-policy=off", ["did you mean `unknown-policy`?"]],
    ["lint policies a.xml --max-warnings x", ["whole number"]],
    ["fmt a.xml -", ["standard input"]],
  ])("%s", async (line, said) => {
    const { code, stdout, stderr } = await runMain(line.split(" "));
    const text = stdout + stderr;
    expect(code, text).toBe(64);
    for (const part of said) expect(text).toContain(part);
  });
});

describe("wrong usage", () => {
  it.each(wrong)("%s", async (line, _code, said) => {
    const { code, stdout, stderr } = await runMain(line.split(" "));
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(/^error: /);
    for (const text of said) expect(stderr).toContain(text);
  });

  it.each(wrong)("%s, as JSON", async (line, expected) => {
    const [first = "", ...rest] = line.split(" ");
    const { code, stdout, stderr } = await runMain([first, "--format=json", ...rest]);
    expect({ code, stderr }).toEqual({ code: 64, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, error: { code: expected, problems: [] } });
  });

  it("gives code, message and remedy as JSON when it was asked for anywhere", async () => {
    for (const argv of [
      ["plan", "--fromat", "x", "--format", "json"],
      ["plan", "--format=json", "--fromat", "x"],
    ]) {
      const { code, stdout, stderr } = await runMain(argv);
      expect({ code, stderr }).toEqual({ code: 64, stderr: "" });
      expect(JSON.parse(stdout)).toEqual({
        formatVersion: 1,
        error: {
          code: "USAGE.UNKNOWN_OPTION",
          message: "unknown option '--fromat'",
          why: null,
          remedy: "Did you mean --format? See `apimgw plan --help`.",
          problems: [],
        },
      });
    }
    expect(JSON.parse((await runMain(["--format", "json"])).stdout)).toMatchObject({
      error: { code: "USAGE.UNKNOWN_OPTION" },
    });
  });
});
