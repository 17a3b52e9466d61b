/** Where ports meet their adapters: gives a command the outside world and runs it. */
import { resolve } from "node:path";
import { systemClock } from "../adapters/clock.ts";
import { createDiskFiles } from "../adapters/files/disk-files.ts";
import type { Files } from "../core/ports.ts";
import { createQuestions } from "./ask.ts";
import type { Command } from "./command.ts";
import type { CommandContext, Io, Output } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import { createOutput } from "./output.ts";
import type { Invocation } from "./program.ts";

export async function runCommand(
  invocation: Extract<Invocation, { kind: "run" }>,
  io: Io,
): Promise<ExitCode> {
  const { command, args, parsed } = invocation;
  const output = createOutput(io, {
    color: parsed["color"] !== false,
    quiet: parsed["quiet"] === true,
    verbose: parsed["verbose"] === true,
  });
  return withInterrupts(io, output, command, (signal) => {
    const context: CommandContext = {
      files: filesIn(io.cwd),
      clock: systemClock,
      env: io.env,
      cwd: io.cwd,
      output,
      readInput: () => io.stdin,
      signal,
      ...createQuestions(io, signal),
    };
    return command.run(context, args, parsed);
  });
}

/** The disk, relative paths counting from the folder. */
export function filesIn(folder: string): Files {
  const files = createDiskFiles();
  if (folder === process.cwd()) return files;
  return {
    read: (path) => files.read(resolve(folder, path)),
    exists: (path) => files.exists(resolve(folder, path)),
    write: (path, text) => files.write(resolve(folder, path), text),
    append: (path, text) => files.append(resolve(folder, path), text),
  };
}

/** Runs with a signal that interrupts abort, for commands that end in their own time. */
async function withInterrupts<T>(
  io: Io,
  output: Output,
  command: Command,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  if (command.finishesOnInterrupt !== true && !output.showsStatus) return work(controller.signal);
  const stopListening = io.onInterrupt((name) => {
    if (command.finishesOnInterrupt !== true) {
      // Nothing of the status line may stay behind.
      output.status(undefined);
      io.endBy(name);
      return;
    }
    output.error(`${name}: finishing what is in flight, then ending. Once more ends at once.`);
    controller.abort(name);
  });
  try {
    return await work(controller.signal);
  } finally {
    output.status(undefined);
    stopListening();
  }
}
