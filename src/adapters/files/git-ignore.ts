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
  const ignoredFolders = new Map<string, Promise<boolean>>();
  const isFolderIgnored = async (path: string): Promise<boolean> => {
    const { isTop } = await folderAt(path);
    if (isTop || path === dirname(path)) return false;
    const known = ignoredFolders.get(path) ?? isIgnored(path, "/");
    ignoredFolders.set(path, known);
    return known;
  };
  // The rules nearest to the file win, as in git; a folder that is ignored above cannot be taken back below.
  const isIgnored = async (path: string, end: "" | "/"): Promise<boolean> => {
    if (await isFolderIgnored(dirname(path))) return true;
    for (const { folder, rules } of await chainOf(dirname(path), folderAt)) {
      const { ignored, unignored } = rules.test(relative(folder, path).replaceAll(sep, "/") + end);
      if (ignored || unignored) return ignored;
    }
    return false;
  };
  return (path) => isIgnored(path, "");
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
