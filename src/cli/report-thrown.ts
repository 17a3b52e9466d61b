import { Failure } from "../core/failure.ts";
import type { Files } from "../core/ports.ts";
import { formatFailure } from "../report/human/failure.ts";
import { formatBugJson, formatFailureJson } from "../report/json.ts";
import type { Io, Output } from "./context.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { packageVersion } from "./package-root.ts";
import { filesIn } from "./run-command.ts";
import { isUsageFailure } from "./usage.ts";

type Where = { readonly output: Output; readonly io: Io; readonly asJson: boolean };

/** Says what went wrong, as text on stderr or as JSON on stdout, and gives the exit code that belongs to it. */
export async function reportThrown(thrown: unknown, where: Where): Promise<ExitCode> {
  if (!(thrown instanceof Failure)) return reportBug(thrown, where);
  const { output, io, asJson } = where;
  if (asJson) {
    output.writeResult(formatFailureJson(thrown));
  } else {
    const texts = await readSources(thrown, filesIn(io.cwd));
    output.error(formatFailure(thrown, (file) => texts.get(file), { color: output.messageColor }));
  }
  return isUsageFailure(thrown) ? exitCodes.usage : exitCodes.failed;
}

function reportBug(thrown: unknown, { output, asJson }: Where): ExitCode {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  if (asJson) output.writeResult(formatBugJson(thrown));
  output.error(
    `bug: apimgw ${packageVersion()} on Node ${process.versions.node} (${process.platform}) broke down.\n` +
      `${stack}\n` +
      "Please report it with this text and the spec that leads to it, without its secrets.",
  );
  return exitCodes.bug;
}

/** Texts of the files that the failure's problems point into, for code frames; files that cannot be read are left out. */
async function readSources(failure: Failure, files: Files): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of new Set(failure.problems.map(({ at }) => at.file))) {
    const text = await files.read(file).catch(() => undefined);
    if (text !== undefined) texts.set(file, text);
  }
  return texts;
}
