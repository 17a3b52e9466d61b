/** What git leaves out: the .gitignore files from the top of the repository down to a file's folder. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import ignore from "ignore";
import type { Ignore } from "ignore";

type Folder = { readonly rules: Ignore | undefined; readonly isTop: boolean };

/** Tells whether git ignores a file, by absolute path. */
export function createGitIgnore(): (path: string) => Promise<boolean> {
  const folders = new Map<string, Promise<Folder>>();
  const folderAt = (path: string): Promise<Folder> => {
    const known = folders.get(path) ?? readFolder(path);
    folders.set(path, known);
    return known;
  };
  return async (path) => {
    const chain = await chainOf(dirname(path), folderAt);
    // The rules nearest to the file win, as in git; a folder that is ignored above cannot be taken back below.
    for (const { folder, rules } of chain) {
      const below = relative(folder, path).replaceAll(sep, "/");
      const { ignored, unignored } = rules.test(below);
      if (ignored) return true;
      if (unignored) return false;
    }
    return false;
  };
}

async function chainOf(
  start: string,
  folderAt: (path: string) => Promise<Folder>,
): Promise<{ readonly folder: string; readonly rules: Ignore }[]> {
  const chain: { folder: string; rules: Ignore }[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const { rules, isTop } = await folderAt(folder);
    if (rules !== undefined) chain.push({ folder, rules });
    if (isTop || folder === dirname(folder)) return chain;
  }
}

async function readFolder(path: string): Promise<Folder> {
  const text = await readFile(join(path, ".gitignore"), "utf8").catch(() => undefined);
  return {
    rules: text === undefined ? undefined : ignore().add(text),
    isTop: existsSync(join(path, ".git")),
  };
}
