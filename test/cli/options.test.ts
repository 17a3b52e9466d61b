import { Option } from "commander";
import { describe, expect, it } from "vitest";
import { applyOptions, planOptions, type ApplyOptions } from "../../src/cli/command-options.ts";
import { defineCommand, type CommandHandler } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { parseArguments } from "../../src/cli/program.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { createTestIo } from "./test-io.ts";

/** What a handler with apply's options gets for these arguments. */
async function optionsFor(argv: readonly string[], env: Record<string, string> = {}) {
  let seen: { readonly args: readonly string[]; readonly options: ApplyOptions } | undefined;
  const handler: CommandHandler<ApplyOptions> = (_context, args, options) => {
    seen = { args, options };
    return Promise.resolve(0);
  };
  const command = defineCommand({
    name: "apply",
    summary: "",
    description: "",
    arguments: [{ name: "[file]", description: "" }],
    options: applyOptions,
    examples: [],
    load: () => Promise.resolve(handler),
  });
  const invocation = parseArguments(["apply", ...argv], [command], "0.0.0");
  if (invocation.kind !== "run") throw new Error("nothing to run");
  await runCommand(invocation, createTestIo({ env }).io);
  return seen;
}

describe("options", () => {
  it("stand in their table under the name that commander gives them", () => {
    for (const { name, options } of commands) {
      const names = Object.values(options).map(({ flags }) => new Option(flags).attributeName());
      expect({ name, names }).toEqual({ name, names: Object.keys(options) });
    }
  });

  it("say and mean the same in every command", () => {
    const seen = new Map<string, string>();
    for (const { options } of commands) {
      for (const [key, { flags }] of Object.entries(options)) {
        expect(seen.get(key) ?? flags).toBe(flags);
        seen.set(key, flags);
      }
    }
  });

  it("have their defaults", async () => {
    expect(await optionsFor([])).toEqual({
      args: [],
      options: {
        file: "gateway.yaml",
        env: undefined,
        subscription: undefined,
        resourceGroup: undefined,
        service: undefined,
        cloud: undefined,
        armEndpoint: undefined,
        local: undefined,
        autoApprove: false,
        concurrency: 4,
        adopt: false,
        delete: true,
        exclude: [],
        expectDigest: undefined,
        serverValidate: false,
        target: [],
        rewriteSecrets: false,
        format: "text",
        color: true,
        quiet: false,
        verbose: false,
      },
    });
  });

  it.each([
    [["--local"], { local: ".apimgw/local" }],
    [["--local=state"], { local: "state" }],
    [["--local", "state"], { local: "state" }],
    [["--concurrency", "50"], { concurrency: 50 }],
    [["--format", "json", "-q", "--no-color"], { format: "json", quiet: true, color: false }],
    [["-e", "prod", "-f", "other.yaml"], { env: "prod", file: "other.yaml" }],
    [["--arm-endpoint", "https://arm.example"], { armEndpoint: "https://arm.example" }],
  ])("read %j", async (argv, expected) => {
    expect((await optionsFor(argv))?.options).toMatchObject(expected);
  });

  it("take the ARM endpoint from the environment, the flag before it", async () => {
    const env = { APIMGW_ARM_ENDPOINT: "https://env.example" };
    expect((await optionsFor([], env))?.options.armEndpoint).toBe("https://env.example");
    expect((await optionsFor(["--arm-endpoint", "https://flag.example"], env))?.options.armEndpoint).toBe(
      "https://flag.example",
    );
    expect((await optionsFor([], { APIMGW_ARM_ENDPOINT: "" }))?.options.armEndpoint).toBeUndefined();
  });

  it("pass arguments on", async () => {
    expect((await optionsFor(["gateway.plan", "--auto-approve"]))?.args).toEqual(["gateway.plan"]);
  });

  it("let plan write markdown", () => {
    expect(planOptions.format.choices).toEqual(["text", "json", "markdown"]);
  });
});
