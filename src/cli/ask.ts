import type { CommandContext, Io } from "./context.ts";
import { usageFailure } from "./usage.ts";

/** The questions of a run: asked on stderr, answered on stdin, refused when nobody is there. */
export function createQuestions(
  io: Io,
  signal: AbortSignal,
): Pick<CommandContext, "isInteractive" | "ask" | "confirm"> {
  const isInteractive = io.stderr.isTTY === true && io.stdin.isTTY === true;
  const ask = async (question: string, flag: string, prompt = ""): Promise<string | undefined> => {
    if (!isInteractive) throw nobodyThere(question, flag);
    io.stderr.write(`${question}${prompt} `);
    return readLine(io.stdin, signal);
  };
  const confirm = async (question: string, flag: string): Promise<boolean> =>
    (await ask(question, flag, "\nOnly yes is taken as consent:")) === "yes";
  return { isInteractive, ask, confirm };
}

function nobodyThere(question: string, flag: string): Error {
  return usageFailure("NOT_INTERACTIVE", `nobody is there to answer: ${question}`, {
    why: "Standard input is not a terminal.",
    remedy: `Give ${flag}.`,
  });
}

/** One line without its end; undefined when the input ends or the signal comes first. */
async function readLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const { createInterface } = await import("node:readline");
  // Not as a terminal: the terminal itself edits the line, and Ctrl-C stays a signal.
  const lines = createInterface({ input, terminal: false });
  return new Promise((resolve) => {
    let answer: string | undefined;
    const stop = (): void => {
      lines.close();
    };
    signal.addEventListener("abort", stop, { once: true });
    lines.once("line", (line) => {
      answer = line.trim();
      stop();
    });
    lines.once("close", () => {
      signal.removeEventListener("abort", stop);
      resolve(answer);
    });
  });
}
