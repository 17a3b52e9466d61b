/** What the commands that find problems share: severities, baselines, formats, and how they end. */
import { BaselineFilter, parseBaseline } from "../core/lint/policy/baseline.ts";
import { readRuleSetting } from "../core/lint/policy/severities.ts";
import type { RuleSetting, Severities } from "../core/lint/policy/severities.ts";
import type { Files } from "../core/ports.ts";
import type { Problem, Severity } from "../core/problem.ts";
import { formatLintAzureDevops, formatLintGithub } from "../report/annotations.ts";
import { plural } from "../report/count.ts";
import { formatLint } from "../report/human/lint.ts";
import type { Sources } from "../report/human/problem.ts";
import { formatLintJson } from "../report/json.ts";
import { formatLintJunit } from "../report/junit.ts";
import type { FindingOptions } from "./command-options.ts";
import type { Output } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { packageVersion } from "./package-root.ts";
import { usageFailure } from "./usage.ts";

/** The given severities with those of `--rule` over them. Throws Failure `USAGE.RULE`. */
export function severitiesOf(
  { rule }: Pick<FindingOptions, "rule">,
  ids: readonly string[],
  given: Severities = new Map(),
): Severities {
  const severities = new Map<string, RuleSetting>(given);
  for (const text of rule) {
    const read = readRuleSetting(text, ids);
    if (!read.ok) throw usageFailure("RULE", `--rule: ${read.message}`, { remedy: `${read.help}.` });
    severities.set(read.id, read.setting);
  }
  return severities;
}

export type OpenBaseline = { readonly file: string; readonly text: string; readonly filter: BaselineFilter };

/** Throws Failure `FILE.*` and `BASELINE.UNREADABLE`. */
export async function openBaseline(
  files: Files,
  { baseline }: Pick<FindingOptions, "baseline">,
): Promise<OpenBaseline | undefined> {
  if (baseline === undefined) return undefined;
  const text = await files.read(baseline);
  return { file: baseline, text, filter: new BaselineFilter(parseBaseline(text, baseline)) };
}

export type Findings = {
  readonly problems: readonly Problem[];
  /** Names of all files that were looked at. */
  readonly files: readonly string[];
  readonly sources: Sources;
};

/** The whole result as text. */
export async function formatFindings(
  { format }: Pick<FindingOptions, "format">,
  { problems, files, sources }: Findings,
  output: Output,
): Promise<string> {
  const result = { problems, files: files.length };
  switch (format) {
    case "text":
      return formatLint(result, sources, { color: output.resultColor });
    case "json":
      return formatLintJson(result);
    case "junit":
      return formatLintJunit(problems, files);
    case "github":
      return formatLintGithub(problems);
    case "azure-devops":
      return formatLintAzureDevops(problems);
    case "sarif": {
      const [{ formatLintSarif }, { listRules }] = await Promise.all([
        import("../report/sarif.ts"),
        import("../core/lint/policy/rule-table.ts"),
      ]);
      return formatLintSarif(problems, { version: packageVersion(), rules: listRules() });
    }
  }
}

/** How a run with these problems ends; too many warnings are said on stderr. */
export function endWith(
  counts: Readonly<Record<Severity, number>>,
  { maxWarnings }: Pick<FindingOptions, "maxWarnings">,
  output: Output,
): ExitCode {
  if (maxWarnings !== undefined && counts.warning > maxWarnings) {
    const most = maxWarnings === 0 ? "none" : `at most ${maxWarnings}`;
    output.error(`${plural(counts.warning, "warning")}, and --max-warnings allows ${most}.`);
    return exitCodes.failed;
  }
  return counts.error > 0 ? exitCodes.failed : exitCodes.done;
}
