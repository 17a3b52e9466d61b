/** A folder with a spec to go on from: what `init` and `pull` write. */
import { Failure } from "../core/failure.ts";
import type { Files } from "../core/ports.ts";

export type NewFile = { readonly path: string; readonly text: string };

export type Overwriting = {
  /** Whether files that are there may be overwritten. */
  readonly force: boolean;
  /** Code of the failure when they may not. */
  readonly code: string;
};

/**
 * Writes files below a folder and returns their paths, in the order given. Checks everything before it writes anything: throws
 * Failure with the code given, naming every file that is in the way. A .gitignore that is there gets a line more, since the
 * local APIM keeps what it is sent, secrets too, as plain text in `.apimgw`.
 */
export async function writeNewFiles(
  files: Files,
  directory: string,
  wanted: readonly NewFile[],
  overwriting: Overwriting,
): Promise<readonly string[]> {
  await refuseExisting(
    files,
    directory,
    wanted.map(({ path }) => path),
    overwriting,
  );
  const ignore = await withIgnoredState(files, join(directory, ".gitignore"));
  const all = ignore === undefined ? wanted : [...wanted, { path: ".gitignore", text: ignore }];
  // The first, the spec, last: should a write fail, there is no spec yet that looks complete.
  for (const { path, text } of all.toReversed()) await files.write(join(directory, path), text);
  return all.map(({ path }) => join(directory, path));
}

/** Throws Failure with the code given when some of these paths are there and may not be overwritten. */
export async function refuseExisting(
  files: Files,
  directory: string,
  paths: readonly string[],
  { force, code }: Overwriting,
): Promise<void> {
  if (force) return;
  const existing: string[] = [];
  for (const path of paths.map((each) => join(directory, each)))
    if (await files.exists(path)) existing.push(path);
  if (existing.length === 0) return;
  throw new Failure(code, `not overwriting what is there: ${existing.join(", ")}`, {
    why: "Nothing was written.",
    remedy: "Choose another folder, or overwrite with --force.",
  });
}

/** The text of a .gitignore that has the state folder; undefined when it has it already. */
async function withIgnoredState(files: Files, path: string): Promise<string | undefined> {
  const entry = ".apimgw/\n";
  if (!(await files.exists(path))) return entry;
  const text = await files.read(path);
  if (/^\/?\.apimgw\/?\r?$/m.test(text)) return undefined;
  return text === "" || text.endsWith("\n") ? `${text}${entry}` : `${text}\n${entry}`;
}

/** A path below a folder, as the user would write it. */
export function join(directory: string, path: string): string {
  return directory === "" || directory === "." ? path : `${directory.replace(/[/\\]+$/, "")}/${path}`;
}
