import { compareText } from "../core/problem.ts";
import { visibleLine } from "./visible.ts";

type Folder = Map<string, Folder>;

/**
 * Paths with `/` as a tree, folders and files in code-unit order:
 *
 *     ├─ apis
 *     │  └─ azure-openai
 *     │     └─ policy.xml
 *     └─ backends
 *        └─ aoai.json
 */
export function formatTree(paths: readonly string[]): string {
  const root: Folder = new Map();
  for (const path of paths) {
    let folder = root;
    for (const segment of path.split("/")) folder = enter(folder, segment);
  }
  return drawFolder(root, "").join("\n");
}

function enter(folder: Folder, name: string): Folder {
  const known = folder.get(name);
  if (known !== undefined) return known;
  const made: Folder = new Map();
  folder.set(name, made);
  return made;
}

function drawFolder(folder: Folder, prefix: string): string[] {
  const entries = [...folder].sort(([a], [b]) => compareText(a, b));
  return entries.flatMap(([name, inside], index) => {
    const isLast = index === entries.length - 1;
    return [
      `${prefix}${isLast ? "└─" : "├─"} ${visibleLine(name)}`,
      ...drawFolder(inside, `${prefix}${isLast ? "   " : "│  "}`),
    ];
  });
}
