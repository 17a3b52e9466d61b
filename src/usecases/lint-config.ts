/** Finds and reads what decides how loose policy documents are checked. */
import { dirname, join, relative, resolve } from "node:path";
import { Failure } from "../core/failure.ts";
import {
  fragmentsFromFiles,
  knownFromFiles,
  mustReadKnownFile,
  parseKnown,
} from "../core/lint/policy/known.ts";
import { createPathFilter, emptyLintConfig, parseLintConfig } from "../core/lint/policy/lint-config.ts";
import type { LintConfig } from "../core/lint/policy/lint-config.ts";
import type { PolicyFiles } from "../core/lint/policy/policy-files.ts";
import type { KnownEntities, PolicyScope } from "../core/lint/policy/policy-rule.ts";
import type { PolicyDocument } from "../core/policy/tree.ts";
import type { Files } from "../core/ports.ts";

const lintConfigName = "apimgw.lint.yaml";

/** A config with the folder that its patterns and paths count from. */
export type LoadedLintConfig = {
  readonly config: LintConfig;
  /** As it is shown; undefined when there is none. */
  readonly file: string | undefined;
  readonly isIgnored: (path: string) => boolean;
  /** The scope that a pattern of the config gives to a file. */
  readonly scopeOf: (path: string) => PolicyScope | undefined;
  /** The folder or file that `known` names, relative to the working directory. */
  readonly known: string | undefined;
};

/**
 * Reads the nearest `apimgw.lint.yaml` in the working directory or above. Throws Failure `LINT.CONFIG_INVALID` with all its
 * problems, and `FILE.UNREADABLE`.
 */
export async function loadLintConfig(
  files: Files,
  cwd: string,
  ruleIds: readonly string[],
): Promise<LoadedLintConfig> {
  const path = await findUpward(files, cwd);
  if (path === undefined) return withFolder(emptyLintConfig, cwd, cwd, undefined);
  const file = relative(cwd, path).replaceAll("\\", "/");
  const { config, problems } = parseLintConfig(await files.read(path), file, ruleIds);
  if (problems.length > 0) {
    const count = problems.length === 1 ? "one error" : `${problems.length} errors`;
    throw new Failure("LINT.CONFIG_INVALID", `${file} has ${count}`, { problems });
  }
  return withFolder(config, cwd, dirname(path), file);
}

async function findUpward(files: Files, start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, lintConfigName);
    if (await files.exists(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function withFolder(
  config: LintConfig,
  cwd: string,
  folder: string,
  file: string | undefined,
): LoadedLintConfig {
  const fromFolder = (path: string): string => relative(folder, resolve(cwd, path)).replaceAll("\\", "/");
  const isIgnored = createPathFilter(config.ignore);
  const scopes = config.scopes.map(({ pattern, scope }) => ({ fits: createPathFilter([pattern]), scope }));
  return {
    config,
    file,
    isIgnored: (path) => isIgnored(fromFolder(path)),
    scopeOf: (path) => scopes.find(({ fits }) => fits(fromFolder(path)))?.scope,
    known: config.known === undefined ? undefined : resolve(folder, config.known),
  };
}

export type LoadedKnown = {
  readonly known: KnownEntities;
  /** By id in lower case; none when there was only a list. */
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
};

/**
 * Reads what exists on the service from a folder that `render` or `pull` wrote, or from a JSON file that lists it. Throws Failure
 * `FILE.NOT_FOUND` and `LINT.KNOWN_UNREADABLE`.
 */
export async function loadKnown(files: Files, disk: PolicyFiles, path: string): Promise<LoadedKnown> {
  const listed = await disk.listFolder(path);
  if (listed !== undefined) {
    const found = await Promise.all(
      listed.map(async (name) => ({
        path: name,
        ...(mustReadKnownFile(name) ? { text: await files.read(join(path, name)) } : {}),
      })),
    );
    return { known: knownFromFiles(found), fragments: fragmentsFromFiles(found) };
  }
  const read = parseKnown(await files.read(path));
  if (read.ok) return { known: read.known, fragments: new Map() };
  throw new Failure("LINT.KNOWN_UNREADABLE", `${path} does not say what exists on the service: ${read.why}`, {
    remedy:
      'Name a folder that `apimgw render -o` wrote, or a file with {"backends":[],"fragments":[],"loggers":[],"namedValues":[],"certificates":[]}.',
  });
}
