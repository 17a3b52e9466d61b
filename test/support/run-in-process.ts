import { main } from "../../src/cli/main.ts";
import { createTestIo } from "../cli/test-io.ts";
import { expectOutputOf } from "./json-output.ts";
import type { Run } from "./run-cli.ts";

/**
 * Runs a command line in a folder, as `runCli` does, but from the sources and inside this process: for tests of what commands
 * do, not of how the built one starts and ends. It costs a tenth.
 */
export async function runInProcess(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Run> {
  const { io, stdout, stderr } = createTestIo({ cwd, env });
  const code = await main(args, io);
  expectOutputOf(args, stdout());
  return { code, stdout: stdout(), stderr: stderr() };
}
