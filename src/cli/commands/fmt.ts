import { createPolicyFiles } from "../../adapters/files/find-files.ts";
import { policyRuleIds } from "../../core/lint/policy/policy-rules.ts";
import { plural } from "../../report/count.ts";
import { formatProblem } from "../../report/human/problem.ts";
import { loadLintConfig } from "../../usecases/lint-config.ts";
import { formatInput, formatPolicyFiles } from "../../usecases/format-policies.ts";
import type { FileFormat } from "../../usecases/format-policies.ts";
import type { FmtOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const fmt: CommandHandler<FmtOptions> = async (context, paths, options) => {
  const { files, output } = context;
  const disk = createPolicyFiles(context.cwd, context.readInput);
  if (paths.includes("-")) {
    if (paths.length > 1) throw usageFailure("STDIN_AND_FILES", "- stands for standard input, alone");
    return formatStdin(context, await formatInput(disk, options.stdinFilename), options);
  }
  const { isIgnored } = await loadLintConfig(files, context.cwd, policyRuleIds);
  const request = { paths: paths.length === 0 ? ["."] : paths, writes: !options.check, isIgnored };
  let [seen, changed, failed] = [0, 0, 0];
  for await (const result of formatPolicyFiles({ files, disk }, request)) {
    seen += 1;
    if (result.problems.length > 0) failed += 1;
    if (result.isChanged) changed += 1;
    sayProblems(context, result);
    if (result.isChanged) output.writeResult(result.file);
  }
  const what = options.check ? "would change" : "formatted";
  output.message(`${changed} of ${plural(seen, "policy document")} ${what}.`);
  return failed > 0 || (options.check && changed > 0) ? exitCodes.failed : exitCodes.done;
};

function formatStdin(context: CommandContext, result: FileFormat, { check }: FmtOptions): 0 | 1 {
  sayProblems(context, result);
  if (result.text === undefined) return exitCodes.failed;
  context.output.writeResult(check ? (result.isChanged ? result.file : "") : result.text);
  return check && result.isChanged ? exitCodes.failed : exitCodes.done;
}

function sayProblems({ output }: CommandContext, { problems, source }: FileFormat): void {
  for (const problem of problems) {
    output.error(formatProblem(problem, () => source, { color: output.messageColor }));
  }
}
