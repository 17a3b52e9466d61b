import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";

export type NamedText = { readonly path: string; readonly text: string };

/**
 * Compares files with those of a folder of the repository: the same paths, the same bytes. With UPDATE_GOLDEN=1 it writes them
 * instead; the difference is then read in the commit.
 */
export function expectGolden(folder: string, actual: readonly NamedText[]): void {
  if (process.env["UPDATE_GOLDEN"] === "1") {
    rmSync(folder, { recursive: true, force: true });
    for (const { path, text } of actual) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  expect(actual.map(({ path }) => path).sort()).toEqual(filesBelow(folder));
  for (const { path, text } of actual) expect(text, path).toBe(readFileSync(join(folder, path), "utf8"));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}
