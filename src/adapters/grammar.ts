/** Where the C# grammar for policy expressions lies: two wasm files, beside the bundle or in the packages they come from. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure } from "../core/failure.ts";

export type GrammarWasm = { readonly runtime: Uint8Array; readonly language: Uint8Array };

const files = {
  runtime: { package: "web-tree-sitter", name: "web-tree-sitter.wasm" },
  language: { package: "tree-sitter-c-sharp", name: "tree-sitter-c_sharp.wasm" },
} as const;

/** Reads both files. Throws Failure `GRAMMAR.MISSING` when the installation lacks them. */
export async function readGrammarWasm(): Promise<GrammarWasm> {
  const [runtime, language] = await Promise.all([read(files.runtime), read(files.language)]);
  return { runtime, language };
}

async function read(file: (typeof files)[keyof typeof files]): Promise<Uint8Array> {
  const path = candidates(file).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Failure("GRAMMAR.MISSING", `${file.name} is not where apimgw is installed`, {
      why: "Expressions are checked with it.",
      remedy: "Install apimgw again, or leave expressions out with --no-expressions.",
    });
  }
  return readFile(path);
}

/** Built, this is in dist/ or dist/chunks/; from the source, the packages are installed. */
function candidates({ package: name, name: file }: { package: string; name: string }): string[] {
  const here = import.meta.dirname;
  const built = [join(here, "wasm", file), join(dirname(here), "wasm", file)];
  const require = createRequire(import.meta.url);
  const installed = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name, file));
  return [...built, ...installed];
}
