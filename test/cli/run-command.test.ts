import { describe, expect, it } from "vitest";
import { outputOptions, type SchemaOptions } from "../../src/cli/command-options.ts";
import { defineCommand, type CommandHandler } from "../../src/cli/command.ts";
import { createOutput } from "../../src/cli/output.ts";
import { reportThrown } from "../../src/cli/report-thrown.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { Failure } from "../../src/core/failure.ts";
import { createTestIo, type TestIo, type TestIoOptions } from "./test-io.ts";

function start(
  handler: CommandHandler<SchemaOptions>,
  test: TestIo,
  more: { readonly finishesOnInterrupt?: true; readonly parsed?: Record<string, unknown> } = {},
) {
  const { parsed = {}, ...rest } = more;
  const load = () => Promise.resolve(handler);
  const command = defineCommand({
    name: "x",
    summary: "",
    description: "",
    options: outputOptions,
    examples: [],
    load,
    ...rest,
  });
  return runCommand({ kind: "run", command, args: [], parsed }, test.io);
}

describe("output", () => {
  const speak: CommandHandler<SchemaOptions> = ({ output }) => {
    output.writeResult("result");
    output.message("message");
    output.detail("detail\n");
    output.error("error");
    return Promise.resolve(0);
  };

  it.each([
    [{}, "message\nerror\n"],
    [{ quiet: true }, "error\n"],
    [{ verbose: true }, "message\ndetail\nerror\n"],
    [{ verbose: true, quiet: true }, "error\n"],
  ])("with %j", async (parsed, stderr) => {
    const test = createTestIo();
    expect(await start(speak, test, { parsed })).toBe(0);
    expect(test.stdout()).toBe("result\n");
    expect(test.stderr()).toBe(stderr);
  });

  it("writes nothing for an empty result", () => {
    const test = createTestIo();
    createOutput(test.io, { color: true, quiet: false, verbose: false }).writeResult("");
    expect(test.stdout()).toBe("");
  });

  const colors: readonly (readonly [TestIoOptions, boolean, boolean])[] = [
    [{ isTTY: true }, true, true],
    [{ isTTY: true }, false, false],
    [{ isTTY: false }, true, false],
    [{ isTTY: true, env: { NO_COLOR: "1" } }, true, false],
    [{ isTTY: true, env: { NO_COLOR: "" } }, true, true],
    [{ isTTY: true, env: { TERM: "dumb" } }, true, false],
    [{ isTTY: false, env: { FORCE_COLOR: "1" } }, true, true],
    [{ isTTY: false, env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, true, true],
    [{ isTTY: true, env: { FORCE_COLOR: "0" } }, true, false],
    [{ isTTY: false, env: { FORCE_COLOR: "1" } }, false, false],
  ];
  it.each(colors)("colours with %j, flag %j: %j", (options, color, expected) => {
    const output = createOutput(createTestIo(options).io, { color, quiet: false, verbose: false });
    expect([output.resultColor, output.messageColor]).toEqual([expected, expected]);
  });
});

describe("questions", () => {
  const askConsent: CommandHandler<SchemaOptions> = async ({ confirm }) =>
    (await confirm("Apply?", "--auto-approve")) ? 0 : 1;

  it.each([
    ["yes\n", 0],
    ["yes", 0],
    [" yes \r\n", 0],
    ["y\n", 1],
    ["\n", 1],
    ["", 1],
  ])("takes %j", async (input, expected) => {
    const test = createTestIo({ input, isTTY: true });
    expect(await start(askConsent, test)).toBe(expected);
    expect(test.stderr()).toContain("Apply?");
    expect(test.stdout()).toBe("");
  });

  it("fails without a terminal and names the flag", async () => {
    const run = start(askConsent, createTestIo({ input: "yes\n" }));
    await expect(run).rejects.toMatchObject({
      code: "USAGE.NOT_INTERACTIVE",
      remedy: "Give --auto-approve.",
    });
  });

  it("is no consent when the run is interrupted meanwhile", async () => {
    const test = createTestIo({ isTTY: true });
    const run = start(askConsent, test, { finishesOnInterrupt: true });
    await new Promise((resolve) => setImmediate(resolve));
    test.interrupt("SIGINT");
    expect(await run).toBe(1);
  });
});

describe("interrupts", () => {
  it("end other commands at once, after the status line is gone", async () => {
    const test = createTestIo({ isTTY: true });
    let finish = (): void => undefined;
    const work: CommandHandler<SchemaOptions> = ({ output }) => {
      output.status(() => "working");
      return new Promise((resolve) => {
        finish = () => resolve(0);
      });
    };
    const run = start(work, test);
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.interrupt("SIGINT")).toBe(true);
    expect(test.endedBy).toEqual(["SIGINT"]);
    expect(test.stderr()).toMatch(/working\r\u001b\[2K$/);
    finish();
    await run;
  });

  it("abort the signal of commands that end in their own time, until they have ended", async () => {
    const test = createTestIo();
    const run = start(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve(1));
        }),
      test,
      { finishesOnInterrupt: true },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.interrupt("SIGTERM")).toBe(true);
    expect(await run).toBe(1);
    expect(test.stderr()).toMatch(/^SIGTERM: finishing/);
    expect(test.interrupt("SIGTERM")).toBe(false);
  });

  it("are left to the system otherwise", async () => {
    const test = createTestIo();
    await start(() => Promise.resolve(test.interrupt("SIGINT") ? 1 : 0), test).then((code) =>
      expect(code).toBe(0),
    );
  });
});

describe("what is thrown", () => {
  async function report(thrown: unknown, asJson = false) {
    const test = createTestIo();
    const output = createOutput(test.io, { color: false, quiet: false, verbose: false });
    const code = await reportThrown(thrown, { output, io: test.io, asJson });
    return { code, stdout: test.stdout(), stderr: test.stderr() };
  }

  it("is a failure: 1, with why and remedy", async () => {
    const failure = new Failure("SERVICE.FORBIDDEN", "may not read", {
      why: "no role",
      remedy: "Ask for Reader.",
    });
    expect(await report(failure)).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: may not read\n  why: no role\n  fix: Ask for Reader.\n",
    });
  });

  it("is a failure with problems: each with the line it is on", async () => {
    const at = { file: new URL(import.meta.url).pathname, line: 1, column: 1 };
    const problem = { rule: "some-rule", severity: "error", message: "wrong", at } as const;
    const { stderr } = await report(new Failure("SPEC.INVALID", "not sound", { problems: [problem] }));
    expect(stderr).toContain("1 | import { describe");
    const gone = { ...problem, at: { ...at, file: "/nowhere.yaml" } };
    expect((await report(new Failure("SPEC.INVALID", "x", { problems: [gone] }))).stderr).toContain(
      "/nowhere.yaml:1:1 error wrong (some-rule)",
    );
  });

  it("is wrong usage: 64", async () => {
    expect((await report(new Failure("USAGE.WHATEVER", "no"))).code).toBe(64);
  });

  it("is a bug: 70, with stack, version and a request", async () => {
    const { code, stdout, stderr } = await report(new TypeError("undefined is not a spec"));
    expect({ code, stdout }).toEqual({ code: 70, stdout: "" });
    expect(stderr).toMatch(/^bug: apimgw \d+\.\d+\.\d+ on Node /);
    expect(stderr).toMatch(/TypeError: undefined is not a spec\n +at /);
    expect(stderr).toContain("Please report it");
    expect((await report("a string")).stderr).toContain("a string");
  });

  it("is JSON on stdout when that was asked for", async () => {
    const failure = await report(new Failure("SPEC.UNREADABLE", "cannot read"), true);
    expect({ ...failure, stdout: JSON.parse(failure.stdout) as unknown }).toEqual({
      code: 1,
      stderr: "",
      stdout: {
        formatVersion: 1,
        error: { code: "SPEC.UNREADABLE", message: "cannot read", why: null, remedy: null, problems: [] },
      },
    });
    const bug = await report(new Error("oops"), true);
    expect(JSON.parse(bug.stdout)).toMatchObject({ error: { code: "INTERNAL.BUG", message: "oops" } });
    expect(bug.stderr).toContain("Error: oops");
  });
});
