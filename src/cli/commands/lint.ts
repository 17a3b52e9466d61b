import { readGrammarWasm } from "../../adapters/grammar.ts";
import { baselineEntries, printBaseline } from "../../core/lint/policy/baseline.ts";
import { configurableRuleIds } from "../../core/lint/policy/rule-table.ts";
import { applySeverities } from "../../core/lint/policy/severities.ts";
import type { Severities } from "../../core/lint/policy/severities.ts";
import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import type { Problem } from "../../core/problem.ts";
import { countProblems, plural } from "../../report/count.ts";
import { linesOf } from "../../usecases/lint-policies.ts";
import { lint as lintGateway } from "../../usecases/lint.ts";
import type { LintOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { endWith, formatFindings, openBaseline, severitiesOf } from "../findings.ts";
import { gatewayRequest } from "../gateway-request.ts";

export const lint: CommandHandler<LintOptions> = async (context, _args, options) => {
  const { files, output } = context;
  const { result, texts, severities } = await lintGateway(files, gatewayRequest(context, options), {
    severities: options.rule.length === 0 ? new Map() : severitiesOf(options, configurableRuleIds()),
    loadGrammar: options.expressions ? async () => loadCSharpGrammar(await readGrammarWasm()) : undefined,
  });
  const found = result.problems;
  if (options.writeBaseline !== undefined) {
    await saveBaseline(context, options.writeBaseline, found, texts);
    return exitCodes.done;
  }
  const problems = await withoutKnown(context, options, { problems: found, texts, severities });
  const findings = { problems, files: [...texts.keys()], sources: (file: string) => texts.get(file) };
  output.writeResult(await formatFindings(options, findings, output));
  return endWith(countProblems(problems), options, output);
};

type Texts = ReadonlyMap<string, string>;

async function withoutKnown(
  { files }: CommandContext,
  options: LintOptions,
  { problems, texts, severities }: { problems: readonly Problem[]; texts: Texts; severities: Severities },
): Promise<readonly Problem[]> {
  const baseline = await openBaseline(files, options);
  if (baseline === undefined) return problems;
  const lines = lineReader(texts);
  const left = [...Map.groupBy(problems, ({ at }) => at.file)].flatMap(([file, group]) =>
    baseline.filter.keepNew(file, group, lines),
  );
  for (const file of texts.keys()) baseline.filter.keepNew(file, [], lines);
  return [...left, ...applySeverities(baseline.filter.outdated(baseline.file, baseline.text), severities)];
}

async function saveBaseline(
  { files, output }: CommandContext,
  path: string,
  problems: readonly Problem[],
  texts: Texts,
): Promise<void> {
  await files.write(path, printBaseline(baselineEntries(problems, lineReader(texts))));
  output.message(`Wrote ${plural(problems.length, "finding")} to ${path}.`);
}

function lineReader(texts: Texts): (file: string, line: number) => string | undefined {
  const readers = new Map([...texts].map(([file, text]) => [file, linesOf(text)]));
  return (file, line) => readers.get(file)?.(line);
}
