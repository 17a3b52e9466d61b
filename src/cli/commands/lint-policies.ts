import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import { Failure } from "../../core/failure.ts";
import { createPolicyFiles } from "../../adapters/files/find-files.ts";
import { readGrammarWasm } from "../../adapters/grammar.ts";
import { baselineEntries, printBaseline } from "../../core/lint/policy/baseline.ts";
import type { BaselineEntry } from "../../core/lint/policy/baseline.ts";
import { policyRuleIds } from "../../core/lint/policy/policy-rules.ts";
import { applySeverities } from "../../core/lint/policy/severities.ts";
import type { Problem } from "../../core/problem.ts";
import { countProblems, plural } from "../../report/count.ts";
import { formatLintSummary } from "../../report/human/lint.ts";
import { formatProblem } from "../../report/human/problem.ts";
import { loadKnown, loadLintConfig } from "../../usecases/lint-config.ts";
import { linesOf, lintPolicyFiles } from "../../usecases/lint-policies.ts";
import type { FileLint, LintPoliciesRequest } from "../../usecases/lint-policies.ts";
import type { LintPoliciesOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-codes.ts";
import { exitCodes } from "../exit-codes.ts";
import { endWith, formatFindings, openBaseline, severitiesOf } from "../findings.ts";
import type { OpenBaseline } from "../findings.ts";
import { usageFailure } from "../usage.ts";

export const lintPolicies: CommandHandler<LintPoliciesOptions> = async (context, paths, options) => {
  refuseContradictions(paths, options);
  const { files, cwd } = context;
  const disk = createPolicyFiles(cwd, context.readInput);
  const config = await loadLintConfig(files, cwd, policyRuleIds);
  const knownPath = options.known ?? config.known;
  const service = knownPath === undefined ? undefined : await loadKnown(files, disk, knownPath);
  const baseline = await openBaseline(files, options);
  const request: LintPoliciesRequest = {
    paths,
    stdinFilename: options.stdinFilename,
    config,
    severities: severitiesOf(options, policyRuleIds, config.config.rules),
    scope: options.scope,
    sku: options.sku,
    dialect: options.dialect,
    known: service?.known,
    fragments: service?.fragments,
    baseline: baseline?.filter,
    loadGrammar: options.expressions ? async () => loadCSharpGrammar(await readGrammarWasm()) : undefined,
    fix: options.fix ? (options.dryRun ? "show" : "write") : undefined,
  };
  const results = lintPolicyFiles({ files, disk }, request);
  if (options.writeBaseline !== undefined) return saveBaseline(context, options.writeBaseline, results);
  return report(context, options, { results, paths, baseline, severities: request.severities });
};

function refuseContradictions(paths: readonly string[], options: LintPoliciesOptions): void {
  if (options.dryRun && !options.fix) {
    throw usageFailure("DRY_RUN_WITHOUT_FIX", "--dry-run shows what --fix would change", {
      remedy: "Give both.",
    });
  }
  if (options.fix && !options.dryRun && paths.includes("-")) {
    throw usageFailure("FIX_STDIN", "--fix cannot write to standard input", {
      remedy: "Name files, or see the changes with --dry-run.",
    });
  }
  if (options.dryRun && options.format !== "text") {
    throw usageFailure("DRY_RUN_FORMAT", "--dry-run shows a diff, which is text", {
      remedy: "Leave --format out.",
    });
  }
}

type Run = {
  readonly results: AsyncIterable<FileLint>;
  readonly paths: readonly string[];
  readonly baseline: OpenBaseline | undefined;
  readonly severities: LintPoliciesRequest["severities"];
};

/** Writes file by file where the format allows it; the others hold their problems, never their texts. */
async function report(context: CommandContext, options: LintPoliciesOptions, run: Run): Promise<ExitCode> {
  const { output } = context;
  const isStreamed = !["json", "sarif", "junit"].includes(options.format);
  const names: string[] = [];
  const held: Problem[] = [];
  const counts = { error: 0, warning: 0, info: 0 };
  const take = async (problems: readonly Problem[], text: string | undefined): Promise<void> => {
    const more = countProblems(problems);
    counts.error += more.error;
    counts.warning += more.warning;
    counts.info += more.info;
    if (!isStreamed) held.push(...problems);
    else if (!options.dryRun) await writePart(context, options, problems, text);
  };
  for await (const result of run.results) {
    names.push(result.file);
    sayFixed(context, options, result);
    await take(result.problems, result.text);
  }
  if (names.length === 0) throw nothingFound(run.paths);
  const outdated = run.baseline?.filter.outdated(run.baseline.file, run.baseline.text) ?? [];
  await take(applySeverities(outdated, run.severities), run.baseline?.text);
  if (!isStreamed) {
    output.writeResult(
      await formatFindings(options, { problems: held, files: names, sources: () => undefined }, output),
    );
  } else if (options.format === "text" && !options.dryRun) {
    output.writeResult(formatLintSummary(counts, names.length, { color: output.resultColor }));
  }
  return endWith(counts, options, output);
}

async function writePart(
  { output }: CommandContext,
  options: LintPoliciesOptions,
  problems: readonly Problem[],
  text: string | undefined,
): Promise<void> {
  if (problems.length === 0) return;
  const sources = (): string | undefined => text;
  if (options.format === "text") {
    const style = { color: output.resultColor };
    output.writeResult(`${problems.map((problem) => formatProblem(problem, sources, style)).join("\n")}\n\n`);
  } else {
    output.writeResult(await formatFindings(options, { problems, files: [], sources }, output));
  }
}

function sayFixed(
  { output }: CommandContext,
  { dryRun }: LintPoliciesOptions,
  { file, fixed }: FileLint,
): void {
  if (fixed === undefined) return;
  const changes = plural(fixed.count, "change");
  if (dryRun) output.writeResult(fixed.diff);
  output.message(dryRun ? `${file}: ${changes}, not written` : `${file}: ${changes} written`);
}

async function saveBaseline(
  { files, output }: CommandContext,
  path: string,
  results: AsyncIterable<FileLint>,
): Promise<ExitCode> {
  const entries: BaselineEntry[] = [];
  let count = 0;
  for await (const { problems, text } of results) {
    const lines = linesOf(text);
    entries.push(...baselineEntries(problems, (_file, line) => lines(line)));
    count += problems.length;
  }
  await files.write(path, printBaseline(entries));
  output.message(`Wrote ${plural(count, "finding")} to ${path}.`);
  return exitCodes.done;
}

function nothingFound(paths: readonly string[]): Failure {
  return new Failure("FILE.NO_POLICIES", `there is no policy document in ${paths.join(", ")}`, {
    why: "In folders, only .xml files whose root element is <policies> or <fragment> count, and none that git or apimgw.lint.yaml leaves out.",
    remedy: "Check the path, or name the files.",
  });
}
