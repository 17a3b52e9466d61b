import type { Io, OutputStream, SignalName } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

/**
 * The streams and signals of a process. `endAsInterrupted`, called when the work is over, ends the process as a signal that
 * came meanwhile would have ended it. Output that could not be written is a failure, whatever the exit code was.
 */
export function createProcessIo(process: NodeJS.Process): {
  readonly io: Io;
  readonly endAsInterrupted: () => Promise<void>;
} {
  const interrupts = createInterrupts(process);
  let hasLostOutput = false;
  const io: Io = {
    // Opening it takes longer than parsing the arguments, and most runs never ask anything.
    get stdin() {
      return process.stdin;
    },
    stdout: survivingStream(process.stdout, (why) => {
      hasLostOutput = true;
      process.exitCode = exitCodes.failed;
      io.stderr.write(`error: the output cannot be written: ${why}\n`);
    }),
    // Nobody is left to tell.
    stderr: survivingStream(process.stderr, () => undefined),
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: interrupts.listen,
    endBy: (signal) => {
      process.kill(process.pid, signal);
    },
  };
  const endAsInterrupted = async (): Promise<void> => {
    if (hasLostOutput) process.exitCode = exitCodes.failed;
    const signal = interrupts.received();
    if (signal === undefined) return;
    await Promise.all([drained(process.stdout), drained(process.stderr)]);
    // The shell sees 128+n either way; dying of the signal lets a script around it stop too.
    process.exitCode = signal === "SIGINT" ? 130 : 143;
    process.kill(process.pid, signal);
  };
  return { io, endAsInterrupted };
}

/**
 * The reader may leave early (`| head`): what is written then is dropped, the work goes on and ends as it would. When it is
 * lost for another reason, such as a full disk, that is said once.
 */
function survivingStream(stream: NodeJS.WriteStream, onLoss: (why: string) => void): OutputStream {
  let isGone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EOF" && !isGone) onLoss(error.message);
    isGone = true;
  });
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    write: (text) => !isGone && stream.write(text),
  };
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write("", () => resolve());
  });
}

/** Catches the first signal and hands it over; the second one finds no listener and ends the process at once. */
function createInterrupts(process: NodeJS.Process): {
  readonly listen: Io["onInterrupt"];
  readonly received: () => SignalName | undefined;
} {
  const names: readonly SignalName[] = ["SIGINT", "SIGTERM"];
  let received: SignalName | undefined;
  const listen: Io["onInterrupt"] = (listener) => {
    const onSignal = (name: NodeJS.Signals): void => {
      stop();
      received = name === "SIGTERM" ? "SIGTERM" : "SIGINT";
      listener(received);
    };
    const stop = (): void => {
      for (const name of names) process.off(name, onSignal);
    };
    for (const name of names) process.on(name, onSignal);
    return stop;
  };
  return { listen, received: () => received };
}
