/** Hears when files change, come or go: by their folders, since editors write a new file and rename it into place. */
import { existsSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

export type FileWatch = {
  /** These and no others from now on; absolute paths, whether they exist or not. */
  readonly follow: (paths: Iterable<string>) => void;
  readonly close: () => void;
};

/** Editors write in several steps. */
const settleMilliseconds = 80;

/** Calls `onChange` once a change of a followed file has settled. */
export function watchFiles(onChange: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let names = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMilliseconds);
  };
  const open = (folder: string): void => {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || names.get(folder)?.has(name) === true) changed();
      });
      // The folder has gone: the next change that is heard of elsewhere looks for it again.
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
    } catch {
      // As above.
    }
  };
  return {
    follow: (paths) => {
      names = byFolder(paths);
      for (const [folder, watcher] of watchers) {
        if (names.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of names.keys()) if (!watchers.has(folder)) open(folder);
    },
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** The names to listen for in each folder; for a folder that is not there, its own name in the next one up that is. */
function byFolder(paths: Iterable<string>): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    let [folder, name] = [dirname(path), basename(path)];
    while (!existsSync(folder) && dirname(folder) !== folder) {
      name = basename(folder);
      folder = dirname(folder);
    }
    names.set(folder, (names.get(folder) ?? new Set()).add(name));
  }
  return names;
}
