import { PassThrough } from "node:stream";
import type { Io, SignalName } from "../../src/cli/context.ts";

export type TestIo = {
  readonly io: Io;
  /** Signals that the command let itself be ended by. */
  readonly endedBy: readonly SignalName[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal, as the user's Ctrl-C does; false when nobody listens. */
  readonly interrupt: (signal: SignalName) => boolean;
};

export type TestIoOptions = {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** What stdin holds; with `isTTY` it counts as typed. */
  readonly input?: string;
  readonly isTTY?: boolean;
};

/** A process that is not there: streams in memory, no terminal unless asked for. */
export function createTestIo({ env = {}, cwd = "/", input, isTTY = false }: TestIoOptions = {}): TestIo {
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<(signal: SignalName) => void>();
  const endedBy: SignalName[] = [];
  const stdin = new PassThrough();
  if (input !== undefined) stdin.end(input);
  const io: Io = {
    stdin: Object.assign(stdin, { isTTY }),
    stdout: { isTTY, write: (text) => (written.stdout += text) },
    stderr: { isTTY, write: (text) => (written.stderr += text) },
    env,
    cwd,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    endBy: (signal) => endedBy.push(signal),
  };
  return {
    io,
    endedBy,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    interrupt: (signal) => {
      for (const listener of listeners) listener(signal);
      return listeners.size > 0;
    },
  };
}
