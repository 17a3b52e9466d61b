import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** Which folders of src a folder may import; every folder may import itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  usecases: ["core"],
  report: ["core"],
  adapters: ["core"],
  cli: ["core", "usecases", "report", "adapters"],
  "lib.ts": ["core", "adapters"],
};

const root = resolve(import.meta.dirname, "..");
const sources = globSync("src/**/*.ts", { cwd: root }).map((file) => file.replaceAll("\\", "/"));
const imports = sources.flatMap((file) => specifiersOf(file).map((specifier) => ({ file, specifier })));
const ours = imports
  .filter(({ specifier }) => specifier.startsWith("."))
  .map(({ file, specifier }) => ({ file, target: join(dirname(file), specifier).replaceAll("\\", "/") }));
const packages = imports.filter(({ specifier }) => !specifier.startsWith("."));

describe("architecture", () => {
  it("imports only along the arrows", () => {
    const wrong = ours.filter(({ file, target }) => {
      const [from, to] = [segment(file, 1), segment(target, 1)];
      return from !== to && !(arrows[from] ?? []).includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it("keeps adapters apart", () => {
    const isAdapter = (path: string) => /^src\/adapters\/.+\//.test(path);
    const wrong = ours.filter(
      ({ file, target }) => isAdapter(file) && isAdapter(target) && segment(file, 2) !== segment(target, 2),
    );
    expect(wrong).toEqual([]);
  });

  it("has the Azure SDK in adapters/arm only", () => {
    const users = packages.filter(({ specifier }) => specifier.startsWith("@azure/")).map(({ file }) => file);
    expect(users.filter((file) => !file.startsWith("src/adapters/arm/"))).toEqual([]);
  });

  it("keeps disk, network and processes out of core, usecases and report", () => {
    const outside =
      /^(node:)?(fs|http|https|http2|net|tls|dns|dgram|child_process|worker_threads|readline)(\/|$)/;
    const inside = packages.filter(({ file }) => /^src\/(core|usecases|report)\//.test(file));
    expect(inside.filter(({ specifier }) => outside.test(specifier))).toEqual([]);
  });

  it("has no import cycle between folders", () => {
    const edges = new Map<string, Set<string>>();
    for (const { file, target } of ours) {
      const [from, to] = [folderOf(file), folderOf(target)];
      if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect([...edges.keys()].filter((folder) => reaches(edges, folder, folder))).toEqual([]);
  });

  it("loads commander and nothing else for --help", () => {
    expect(packagesLoadedBy("src/cli/main.ts")).toEqual(["commander"]);
  });

  it.each([
    "init",
    "lint",
    "lint-policies",
    "fmt",
    "explain",
    "render",
    "graph",
    "export",
    "simulate",
    "test",
    "probe",
    "dev",
    "schema",
  ])("does not load the Azure SDK for %s", (command) => {
    const loaded = packagesLoadedBy(`src/cli/commands/${command}.ts`);
    expect(loaded.filter((name) => name.startsWith("@azure/"))).toEqual([]);
  });

  it("lets bin know nothing but the built cli and Node", () => {
    const known = specifiersOf("bin/apimgw.js").filter((specifier) => !specifier.startsWith("node:"));
    expect(known).toEqual([]);
    expect(readFileSync(join(root, "bin/apimgw.js"), "utf8")).toContain('"../dist/main.js"');
  });
});

/** What a file imports or re-exports, also `import(...)`; relative paths as written. */
function specifiersOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(/(?:^(?:import|export)\b[^;"]*?\bfrom\s*|^import\s+|\bimport\()"([^"]+)"/gm);
  return [...found].map(([, specifier]) => specifier ?? "");
}

/** Packages that importing a file loads at once: neither types nor `import(...)`. */
function packagesLoadedBy(start: string): string[] {
  const files = new Set([start]);
  const loaded = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const found = text.matchAll(/^(?:import|export)\b(?! type\b)(?: [^;"]*?\bfrom)?\s*"([^"]+)"/gm);
    for (const [, specifier = ""] of found) {
      if (specifier.startsWith(".")) files.add(join(dirname(file), specifier).replaceAll("\\", "/"));
      else if (!specifier.startsWith("node:")) loaded.add(specifier);
    }
  }
  return [...loaded].sort();
}

function segment(path: string, index: number): string {
  return relative("src", path).replaceAll("\\", "/").split("/")[index - 1] ?? "";
}

/** `core/spec` for everything in and below src/core/spec; a folder's own files stand apart from its subfolders'. */
function folderOf(path: string): string {
  const [top = "", second = "", third] = relative("src", path).replaceAll("\\", "/").split("/");
  return top === "cli" || third === undefined ? top : `${top}/${second}`;
}

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [...(edges.get(from) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(edges.get(next) ?? []));
  }
  return false;
}
