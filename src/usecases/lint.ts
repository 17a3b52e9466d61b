import { lintModel } from "../core/lint/lint-model.ts";
import type { LintResult } from "../core/lint/lint-result.ts";
import { lintCompiledPolicies } from "../core/lint/policy/lint-compiled.ts";
import { configurableRuleIds } from "../core/lint/policy/rule-table.ts";
import { applySeverities, describeUnknownRule } from "../core/lint/policy/severities.ts";
import type { RuleSetting, Severities } from "../core/lint/policy/severities.ts";
import type { Model } from "../core/model/resource.ts";
import { walkElements } from "../core/policy/walk.ts";
import type { Files } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { pointer } from "../core/spec/source.ts";
import type { ParsedSpec } from "../core/spec/source.ts";
import { loadGateway } from "./load-gateway.ts";
import type { GatewayRequest, LoadedGateway } from "./load-gateway.ts";

export type LintOutcome = {
  readonly result: LintResult;
  /** Texts of the files that problems point into, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those of the spec with the given ones over them, for what is found later. */
  readonly severities: Severities;
};

export type LintOptions = {
  /** Severities over those of the spec. */
  readonly severities: Severities;
  /** Makes the C# grammar ready; absent when expressions are not to be checked. */
  readonly loadGrammar?: (() => Promise<void>) | undefined;
  /** Leaves out documents that the compiler alone has written: with thousands of operations they cost most. */
  readonly skipsCompiled?: boolean;
};

/** Checks the spec and everything it compiles to. Throws Failure `FILE.*` when the spec cannot be read. */
export async function lint(
  files: Files,
  request: GatewayRequest,
  options: LintOptions,
): Promise<LintOutcome> {
  const loaded = await loadGateway(files, request);
  const { parsed } = loaded;
  if (parsed === undefined) {
    return outcome(applySeverities(loaded.problems, options.severities), loaded, options.severities);
  }
  const { problems, severities } = await lintLoaded({ ...loaded, parsed }, options);
  return outcome(problems, loaded, severities);
}

/** All that is wrong or doubtful in a gateway that was loaded, and the severities that hold for it. */
export async function lintLoaded(
  loaded: LoadedGateway & { readonly parsed: ParsedSpec },
  options: LintOptions,
): Promise<{ readonly problems: readonly Problem[]; readonly severities: Severities }> {
  const own = readSeverities(loaded.parsed);
  const found = await lintDocuments(loaded, options);
  const severities = new Map([...own.severities, ...options.severities]);
  const problems = applySeverities([...loaded.problems, ...found], severities);
  return { problems: [...problems, ...own.problems], severities };
}

function outcome(
  problems: readonly Problem[],
  { texts }: Pick<LoadedGateway, "texts">,
  severities: Severities,
): LintOutcome {
  return { result: { problems: problems.toSorted(compareProblems), files: texts.size }, texts, severities };
}

async function lintDocuments(
  { parsed, model, handWritten, elementKeys = new Map() }: LoadedGateway,
  { loadGrammar, skipsCompiled = false }: LintOptions,
): Promise<Problem[]> {
  if (parsed === undefined || model === undefined || handWritten === undefined) return [];
  // What the compiler writes needs no second look; the grammar is worth its time for what people wrote.
  const checksExpressions = loadGrammar !== undefined && handWritten.size > 0;
  if (checksExpressions) await loadGrammar();
  const { spec, source } = parsed;
  const looked = skipsCompiled ? withHandWritten(model, handWritten) : model;
  return [
    ...lintModel({ spec, source, model }),
    ...lintCompiledPolicies({ spec, source, model: looked, handWritten, elementKeys, checksExpressions }),
  ];
}

/** The model without the documents in which nothing is hand-written. */
function withHandWritten(model: Model, handWritten: NonNullable<LoadedGateway["handWritten"]>): Model {
  const isHandWritten = ({ document }: Model["resources"][number]): boolean => {
    if (document === undefined) return true;
    let found = false;
    walkElements(document.root, (element) => {
      found ||= handWritten.has(element);
    });
    return found;
  };
  return { ...model, resources: model.resources.filter(isHandWritten) };
}

/** The severities that the spec sets under `lint.rules`. */
function readSeverities({ spec, source }: ParsedSpec): { severities: Severities; problems: Problem[] } {
  const severities = new Map<string, RuleSetting>();
  const problems: Problem[] = [];
  const ids = configurableRuleIds();
  for (const [id, setting] of Object.entries(spec.lint?.rules ?? {})) {
    if (ids.includes(id)) severities.set(id, setting);
    else {
      const at = source.locateKey(pointer("lint", "rules", id));
      problems.push({ rule: "unknown-rule", severity: "error", at, ...describeUnknownRule(id, ids) });
    }
  }
  return { severities, problems };
}
