/** Run by process-io.test.ts as a process of its own: `flood` writes much, `wait` ends when it is interrupted. */
import { createProcessIo } from "../../src/cli/process-io.ts";

const { io, endAsInterrupted } = createProcessIo(process);
process.exitCode = process.argv[2] === "flood" ? await flood() : await wait();
await endAsInterrupted();

async function flood(): Promise<number> {
  for (let count = 0; count < 2000; count += 1) {
    io.stdout.write(`${"x".repeat(1000)}\n`);
    if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return 3;
}

async function wait(): Promise<number> {
  const alive = setInterval(() => undefined, 1000);
  const stop = await new Promise<() => void>((resolve) => {
    const stopListening = io.onInterrupt((signal) => {
      io.stderr.write(`got ${signal}\n`);
      if (process.argv[2] !== "wait-long") resolve(stopListening);
    });
    io.stderr.write("ready\n");
  });
  io.stdout.write("finished\n");
  stop();
  clearInterval(alive);
  return 1;
}
