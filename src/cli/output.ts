import type { Environment, Io, Output, OutputStream } from "./context.ts";

export type Verbosity = { readonly color: boolean; readonly quiet: boolean; readonly verbose: boolean };

export function createOutput(io: Io, { color, quiet, verbose }: Verbosity): Output {
  const say = (text: string): unknown => io.stderr.write(endLine(text));
  return {
    writeResult: (text) => text !== "" && io.stdout.write(endLine(text)),
    message: (text) => !quiet && say(text),
    detail: (text) => verbose && !quiet && say(text),
    error: (text) => say(text),
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
