// Bundles src/ into dist/: one entry, one chunk per command, pure JavaScript packages inlined because loading dozens of
// small files would cost more than starting Node. Only the sign-in to Azure stays outside: it is loaded when a real service is called.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const dist = join(root, "dist");
/** The C# grammar for policy expressions, read at run time by src/adapters/grammar.ts. */
const wasm = ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm"];

const result = await build({
  absWorkingDir: root,
  entryPoints: { main: "src/cli/main.ts", lib: "src/lib.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  external: ["@azure/identity"],
  chunkNames: "chunks/[name]-[hash]",
  // Packages in CommonJS that are inlined still ask for Node's own modules through require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
  plugins: [withoutLocales()],
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
});

const written = new Set();
for (const file of result.outputFiles) writeOutput(relative(dist, file.path), file.contents);
for (const path of wasm)
  writeOutput(`wasm/${basename(path)}`, readFileSync(join(root, "node_modules", path)));
writeTypes();
writeOutput("THIRD-PARTY-NOTICES.txt", thirdPartyNotices(result.metafile));
if (existsSync(join(root, "src/core/spec/json-schema.ts"))) {
  writeOutput("gateway.schema.json", `${JSON.stringify(await jsonSchema(), null, 2)}\n`);
}
removeLeftovers();

function writeOutput(path, contents) {
  const target = join(dist, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, contents);
  written.add(target);
}

/** Leaves out zod's messages in fifty languages, which nothing here asks for; English is imported apart from them. */
function withoutLocales() {
  return {
    name: "zod-without-locales",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
        /[\\/]zod[\\/]/.test(importer) ? { path: "locales", namespace: "empty" } : undefined,
      );
      onLoad({ filter: /^locales$/, namespace: "empty" }, () => ({ contents: "export {};" }));
    },
  };
}

/** Chunks of earlier builds. Removed last, so that an apimgw that is running still finds its own until then. */
function removeLeftovers() {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(path)) rmSync(path, { force: true });
  }
}

async function jsonSchema() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/core/spec/json-schema.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  const { gatewayJsonSchema } = await import(`data:text/javascript;base64,${source}`);
  return gatewayJsonSchema();
}

/** For the few packages that name their licence but ship no text of it. */
function licenceStatement({ name, license, author, repository }) {
  if (license === undefined) throw new Error(`${name} names no licence`);
  const by = typeof author === "object" ? author.name : author;
  const from = typeof repository === "object" ? repository.url : repository;
  return `Licence ${license}, as its package.json says; author ${by ?? "not named"}, source ${from ?? "not named"}.`;
}

/** Declarations for `import … from "apimgw"`: what src/lib.ts exports, and all that it mentions. */
function writeTypes() {
  const outDir = join(dist, "types");
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", "scripts/tsconfig.types.json", "--outDir", outDir];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`tsc could not write the declarations\n${stdout}`);
  for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) written.add(join(entry.parentPath, entry.name));
  }
}

/** Licence texts of the packages whose code is in dist/, by name. */
function thirdPartyNotices({ outputs }) {
  const folders = new Set(wasm.map((path) => join("node_modules", dirname(path))));
  for (const { inputs } of Object.values(outputs)) {
    for (const input of Object.keys(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const notices = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const { name, version, license } = manifest;
    const texts = readdirSync(join(root, folder))
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(basename(file)))
      .sort()
      .map((file) =>
        readFileSync(join(root, folder, file), "utf8")
          .replaceAll("\r\n", "\n")
          .trim(),
      );
    if (texts.length === 0) texts.push(licenceStatement(manifest));
    return `${name} ${version} (${license})\n\n${texts.join("\n\n")}`;
  });
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  return `apimgw contains code of these packages.${rule}${notices.join(rule)}\n`;
}
