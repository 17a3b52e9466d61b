/**
 * The edge: arguments and streams in, exit code out. Nothing here ends the process. What is loaded from here is what
 * `--help` costs; everything else comes with the command that runs, or with the failure.
 */
import { commands } from "./commands/index.ts";
import type { Io } from "./context.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { createOutput } from "./output.ts";
import { packageVersion } from "./package-root.ts";
import { createProcessIo } from "./process-io.ts";
import { parseArguments } from "./program.ts";
import { usageFailure } from "./usage.ts";

/** Runs apimgw in this process: sets the exit code, or ends as the signal that interrupted it. Called by bin/ only. */
export async function run(process: NodeJS.Process): Promise<void> {
  const { io, endAsInterrupted } = createProcessIo(process);
  process.exitCode = await main(process.argv.slice(2), io);
  await endAsInterrupted();
}

/** Runs one command line (without node and script) and gives its exit code. Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const asJson = asksForJson(argv);
  const output = createOutput(io, { color: !argv.includes("--no-color"), quiet: false, verbose: false });
  try {
    const invocation = parseArguments(argv, commands, packageVersion());
    switch (invocation.kind) {
      case "answer":
        output.writeResult(invocation.text);
        return exitCodes.done;
      case "lost":
        if (asJson)
          throw usageFailure("NO_COMMAND", "no command was given", { remedy: "See `apimgw --help`." });
        output.error(invocation.text);
        return exitCodes.usage;
      case "run": {
        const { runCommand } = await import("./run-command.ts");
        return await runCommand(invocation, io);
      }
    }
  } catch (error) {
    const { reportThrown } = await import("./report-thrown.ts");
    return reportThrown(error, { output, io, asJson });
  }
}

/** Read before parsing, so that even a usage error is said the way it was asked for. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (item, index) => item === "--format=json" || (item === "--format" && argv[index + 1] === "json"),
  );
}
