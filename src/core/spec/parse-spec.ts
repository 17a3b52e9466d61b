import { compareProblems, type Problem } from "../problem.ts";
import { checkNames } from "./check-names.ts";
import { checkReferences } from "./check-references.ts";
import { checkDeployments } from "./check-deployments.ts";
import { checkRouting } from "./check-routing.ts";
import { checkValues } from "./check-values.ts";
import { readEnvironments, type Environment, type Environments } from "./environments.ts";
import { findingKey, toProblem, type Finding } from "./finding.ts";
import { mergeOverlay } from "./overlay.ts";
import { applyOverrides, type Overrides } from "./overrides.ts";
import { readYaml } from "./read-yaml.ts";
import type { GatewaySpec } from "./schema.ts";
import type { ParsedSpec } from "./source.ts";
import { createSpecSource } from "./spec-source.ts";
import { indexLines } from "./text-position.ts";
import { validateSpec } from "./validate.ts";
import { substituteVariables, type Variables } from "./variables.ts";
import { Place, type YamlMap } from "./yaml-node.ts";

export type ParseSpecOptions = {
  /** The name that locations give. */
  readonly file: string;
  /** The overlay to merge over the base. */
  readonly environment?: string;
  /** The values of `${NAME}`: the process environment, as a rule. */
  readonly variables: Variables;
  /** From command-line flags; they win over the file. */
  readonly overrides?: Overrides;
};

/** `parsed` is there exactly when there is no problem. Problems are sorted by place. */
export type SpecResult = { readonly parsed?: ParsedSpec; readonly problems: Problem[] };

/**
 * Text of gateway.yaml to a spec whose every value is known and sound by itself; all problems at once. Overlays that were
 * not chosen are checked as well, apart from their variables.
 *
 *     text → tree with places → overlay → overrides → variables → schema, meaning
 */
export function parseSpec(text: string, options: ParseSpecOptions): SpecResult {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const lines = indexLines(source);
  const read = readYaml(source);
  const findings = [...read.findings];
  const examined = read.root && examineAll(read.root, source, options, findings);
  const problems = distinct(findings).map((finding) => toProblem(finding, options.file, lines));
  problems.sort(compareProblems);
  if (problems.length > 0) return { problems };
  if (!examined?.spec) throw new Error("a spec without problems did not pass the schema");
  const specSource = createSpecSource(options.file, source, lines, examined.root);
  return { parsed: { spec: examined.spec, source: specSource }, problems };
}

type Examined = {
  readonly root: YamlMap;
  readonly spec: GatewaySpec | undefined;
  readonly findings: readonly Finding[];
};

/** Examines the chosen spec, and every environment for what only it brings about. */
function examineAll(root: YamlMap, text: string, options: ParseSpecOptions, findings: Finding[]): Examined {
  const environments = readEnvironments(root, options.environment);
  findings.push(...environments.findings);
  const chosen = environments.overlays.find(({ name }) => name === options.environment);
  const base = examine(environments.base, text, options, chosen === undefined);
  if (!chosen) findings.push(...base.findings.map((finding) => suggestEnvironment(finding, environments)));
  const known = new Set(base.findings.map(findingKey));
  let result = base;
  for (const environment of environments.overlays) {
    const examined = examineEnvironment(
      environment,
      environments.base,
      text,
      options,
      environment === chosen,
    );
    if (environment === chosen) result = examined;
    const own = examined.findings.filter(
      (finding) => environment === chosen || !known.has(findingKey(finding)),
    );
    findings.push(...own.map((finding) => nameEnvironment(finding, environment, known)));
  }
  return result;
}

function examineEnvironment(
  { overlay }: Environment,
  base: YamlMap,
  text: string,
  options: ParseSpecOptions,
  isChosen: boolean,
): Examined {
  const findings: Finding[] = [];
  const merged = mergeOverlay(base, overlay, (finding) => findings.push(finding));
  const examined = examine(merged, text, options, isChosen);
  return { ...examined, findings: [...findings, ...examined.findings] };
}

/** Unset variables are an error in the spec that was asked for only; others may be meant for another machine. */
function examine(tree: YamlMap, text: string, options: ParseSpecOptions, isChosen: boolean): Examined {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    if (isChosen || finding.rule !== "unset-variable") findings.push(finding);
  };
  const overridden = applyOverrides(tree, options.overrides ?? {});
  const root = substituteVariables(overridden, { text, variables: options.variables, report });
  const spec = validateSpec(root, report);
  const place = new Place(root);
  for (const check of [checkReferences, checkNames, checkRouting, checkDeployments, checkValues])
    check(place, report);
  return { root, spec, findings };
}

/** What lies in the base and is wrong only once an overlay is merged over it says so. */
function nameEnvironment(finding: Finding, environment: Environment, known: ReadonlySet<string>): Finding {
  const { start, end } = environment.overlay;
  const isInside = finding.span.start >= Math.min(start, environment.key.start) && finding.span.start <= end;
  if (isInside || known.has(findingKey(finding)) || finding.rule === "unset-variable") return finding;
  return { ...finding, message: `${finding.message} (with the environment \`${environment.name}\`)` };
}

/** A base that is complete only with an overlay needs one to be chosen. */
function suggestEnvironment(finding: Finding, { overlays }: Environments): Finding {
  if (finding.rule !== "missing-key" || finding.help !== undefined || overlays.length === 0) return finding;
  const names = overlays.map(({ name }) => name).join(", ");
  return { ...finding, help: `give it, or choose an environment that does with --env: ${names}` };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [findingKey(finding), finding])).values()];
}
