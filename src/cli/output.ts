import type { Environment, Io, Output, OutputStream } from "./context.ts";
import { createStatusLine } from "./status-line.ts";

export type Verbosity = { readonly color: boolean; readonly quiet: boolean; readonly verbose: boolean };

export function createOutput(io: Io, { color, quiet, verbose }: Verbosity): Output {
  const status = createStatusLine(io.stderr, io.env);
  // Results too: both streams may be one terminal.
  const write = (stream: OutputStream, text: string): void => {
    status.around(() => stream.write(endLine(text)));
  };
  return {
    writeResult: (text) => {
      if (text !== "") write(io.stdout, text);
    },
    message: (text) => {
      if (!quiet) write(io.stderr, text);
    },
    detail: (text) => {
      if (verbose && !quiet) write(io.stderr, text);
    },
    error: (text) => {
      write(io.stderr, text);
    },
    status: (draw) => {
      if (!quiet) status.set(draw);
    },
    showsStatus: status.isShown && !quiet,
    resultColor: color && mayColor(io.stdout, io.env),
    messageColor: color && mayColor(io.stderr, io.env),
    isVerbose: verbose,
    isQuiet: quiet,
  };
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** As Node decides it: FORCE_COLOR, then NO_COLOR (https://no-color.org), then whether it is a terminal. */
function mayColor(stream: OutputStream, env: Environment): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
