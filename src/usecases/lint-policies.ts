/** Checks loose policy documents, one file after the other, so that memory does not grow with their number. */
import { createTwoFilesPatch } from "diff";
import { applySeverities } from "../core/lint/policy/severities.ts";
import type { Severities } from "../core/lint/policy/severities.ts";
import type { BaselineFilter } from "../core/lint/policy/baseline.ts";
import { engineSeverity } from "../core/lint/policy/engine-rules.ts";
import type { EngineRuleId } from "../core/lint/policy/engine-rules.ts";
import { findFragmentCycles, fragmentIncludes, fragmentOfPath } from "../core/lint/policy/fragment-cycles.ts";
import type { FragmentIncludes } from "../core/lint/policy/fragment-cycles.ts";
import { fixPolicyText } from "../core/lint/policy/fixes.ts";
import { checkPolicyText, locateRange } from "../core/lint/policy/lint-policy.ts";
import type { LintPolicyOptions } from "../core/lint/policy/lint-policy.ts";
import { largestFile } from "../core/lint/policy/policy-files.ts";
import type { FoundFile, PolicyFiles, ReadText } from "../core/lint/policy/policy-files.ts";
import type { KnownEntities, PolicyScope } from "../core/lint/policy/policy-rule.ts";
import { renderedFolders, scopeOfPath } from "../core/lint/policy/scope-of-path.ts";
import { LineIndex } from "../core/policy/positions.ts";
import { parsePolicyDocument } from "../core/policy/parse.ts";
import type { PolicyDialect, PolicyDocument, PolicyElement, Range } from "../core/policy/tree.ts";
import type { Files } from "../core/ports.ts";
import type { Location } from "../core/location.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import type { LoadedLintConfig } from "./lint-config.ts";

export type LintPoliciesRequest = {
  /** Files, folders, patterns; `-` is standard input. */
  readonly paths: readonly string[];
  /** What standard input is called. */
  readonly stdinFilename?: string | undefined;
  readonly config: LoadedLintConfig;
  readonly severities: Severities;
  /** For all files, whatever their paths say. */
  readonly scope?: PolicyScope | undefined;
  readonly sku?: string | undefined;
  readonly dialect?: PolicyDialect | "auto" | undefined;
  readonly known?: KnownEntities | undefined;
  /** The fragments whose text is known, by id in lower case. */
  readonly fragments?: ReadonlyMap<string, PolicyDocument> | undefined;
  readonly baseline?: BaselineFilter | undefined;
  /** Makes the C# grammar ready, called before the first document with expressions; absent: they are not checked. */
  readonly loadGrammar?: (() => Promise<void>) | undefined;
  /** Put right what can be: `write` to the files, `show` only as a diff. */
  readonly fix?: "write" | "show" | undefined;
};

export type FileLint = {
  readonly file: string;
  /** Undefined when the file was not read. */
  readonly text: string | undefined;
  /** Sorted by place; with `fix`, what is left. */
  readonly problems: readonly Problem[];
  readonly fixed?: { readonly count: number; readonly diff: string };
};

type Disk = { readonly files: Files; readonly disk: PolicyFiles };

/** The name of standard input when nobody gives it one. */
export const stdinName = "stdin.xml";

/**
 * Yields each policy document that the paths mean, in the order of their names. Other XML files are passed over in folders. Throws
 * Failure `FILE.NOT_FOUND` before the first one, and `FILE.UNWRITABLE` with `fix`.
 */
export async function* lintPolicyFiles(
  { files, disk }: Disk,
  request: LintPoliciesRequest,
): AsyncGenerator<FileLint> {
  const paths = request.paths.filter((path) => path !== "-");
  const found = (await disk.find(paths)).filter(
    ({ path, isNamed }) => isNamed || !request.config.isIgnored(path),
  );
  const isRendered = renderedFolders(found.map(({ path }) => path));
  const scopeOf = (path: string): PolicyScope | undefined =>
    request.scope ?? request.config.scopeOf(path) ?? scopeOfPath(path, isRendered);
  if (paths.length < request.paths.length) {
    const name = request.stdinFilename ?? stdinName;
    yield await lintRead(await disk.readInput(largestFile), name, scopeOf(name), request);
  }
  const cycles = Map.groupBy(await readCycles(disk, found, request), ({ at }) => at.file);
  for (const file of found) {
    const read = await readPolicyFile(disk, file);
    if (read === undefined) continue;
    const result = await lintRead(read, file.path, scopeOf(file.path), request, cycles.get(file.path));
    if (request.fix === "write" && result.fixed !== undefined && result.text !== undefined) {
      await files.write(file.path, result.text);
    }
    yield result;
  }
}

/** Rings of fragments among the files whose paths say which fragment they are: nothing but their includes is kept of them. */
async function readCycles(
  disk: PolicyFiles,
  found: readonly FoundFile[],
  { dialect = "auto", severities }: LintPoliciesRequest,
): Promise<Problem[]> {
  const fragments: FragmentIncludes[] = [];
  for (const file of found) {
    const id = fragmentOfPath(file.path);
    const read = id === undefined ? undefined : await readPolicyFile(disk, file);
    if (id === undefined || read?.kind !== "text" || !read.text.includes("include-fragment")) continue;
    const parsed = parsePolicyDocument(read.text, { dialect });
    if (!parsed.ok) continue;
    const locate = ({ nameRange }: PolicyElement, range: Range | undefined): Location =>
      locateRange(file.path, range ?? nameRange);
    fragments.push({ id, includes: fragmentIncludes(parsed.document.root, locate) });
  }
  return applySeverities(findFragmentCycles(fragments), severities);
}

/** Undefined for a file that was only found and is no policy document. */
export async function readPolicyFile(
  disk: PolicyFiles,
  { path, isNamed }: FoundFile,
): Promise<ReadText | undefined> {
  const read = await disk.readText(path, largestFile);
  if (isNamed || read.kind === "unreadable") return read;
  const head = read.kind === "text" ? read.text : await disk.readHead(path);
  return looksLikePolicy(head) ? read : undefined;
}

const beforeRoot = /^\uFEFF?(?:\s+|<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>)*/;

/** Whether the first element is the root of a policy document or fragment. */
export function looksLikePolicy(text: string): boolean {
  const head = text.slice(0, 65_536);
  const start = beforeRoot.exec(head)?.[0].length ?? 0;
  return /^<(?:policies|fragment)[\s/>]/.test(head.slice(start));
}

/** `@(` and `@{`, whichever of their characters are written as references. */
const mayHoldExpression = /(?:@|&#(?:0*64|x0*40);)(?:[({]|&#)/i;

async function lintRead(
  read: ReadText,
  file: string,
  scope: PolicyScope | undefined,
  request: LintPoliciesRequest,
  more: readonly Problem[] = [],
): Promise<FileLint> {
  if (read.kind !== "text") {
    const problems = applySeverities([unreadableProblem(file, read)], request.severities);
    return withBaseline({ file, text: undefined, problems }, request.baseline);
  }
  if (request.loadGrammar !== undefined && mayHoldExpression.test(read.text)) await request.loadGrammar();
  const options: LintPolicyOptions = {
    file,
    scope,
    sku: request.sku ?? request.config.config.sku,
    dialect: request.dialect,
    known: request.known,
    fragments: request.fragments,
    severities: request.severities,
    checksExpressions: request.loadGrammar !== undefined,
  };
  if (request.fix === undefined) {
    const problems = [...checkPolicyText(read.text, options).problems, ...more].sort(compareProblems);
    return withBaseline({ file, text: read.text, problems }, request.baseline);
  }
  const { text, problems, applied } = fixPolicyText(read.text, options);
  // Nothing that is put right today takes or moves an include.
  const result = { file, text, problems: [...problems, ...more].sort(compareProblems) };
  const changed =
    text === read.text
      ? result
      : { ...result, fixed: { count: applied.length, diff: diffOf(file, read.text, text) } };
  return withBaseline(changed, request.baseline);
}

function withBaseline(result: FileLint, baseline: BaselineFilter | undefined): FileLint {
  if (baseline === undefined) return result;
  const lines = linesOf(result.text);
  return {
    ...result,
    problems: baseline.keepNew(result.file, result.problems, (_file, line) => lines(line)),
  };
}

/** Text of a line, counted from 1. */
export function linesOf(text: string | undefined): (line: number) => string | undefined {
  let lines: readonly string[] | undefined;
  return (line) => {
    lines ??= text?.split(/\r\n|\r|\n/) ?? [];
    return lines[line - 1];
  };
}

const helps: Readonly<Record<Exclude<ReadText["kind"], "text">, string>> = {
  "too-large": "the service takes policy documents of at most 256 KiB",
  "not-utf8": "save it as UTF-8",
  unreadable: "check what it is, its owner and its permissions",
};

const rules: Readonly<Record<Exclude<ReadText["kind"], "text">, EngineRuleId>> = {
  "too-large": "file-too-large",
  "not-utf8": "file-encoding",
  unreadable: "file-unreadable",
};

/** Why a file was not read, as a problem at its start, or where its text ends. */
export function unreadableProblem(file: string, read: Exclude<ReadText, { kind: "text" }>): Problem {
  const rule = rules[read.kind];
  return {
    rule,
    severity: engineSeverity(rule),
    message: `this file was not checked: ${whyUnread(read)}`,
    at: { file, ...endOf(read.kind === "not-utf8" ? read.before : "") },
    help: helps[read.kind],
  };
}

function whyUnread(read: Exclude<ReadText, { kind: "text" }>): string {
  if (read.kind !== "too-large") return read.why;
  const most = `${largestFile / 1024 / 1024} MiB`;
  if (read.bytes === undefined) return `it has more than ${most}`;
  return `it has ${Math.ceil(read.bytes / 1024 / 1024)} MiB, and at most ${most} are read`;
}

function endOf(text: string): { readonly line: number; readonly column: number } {
  const { line, column } = new LineIndex(text).position(text.length);
  return { line, column };
}

function diffOf(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
    context: 3,
  });
  return patch.slice(patch.indexOf("--- "));
}
