/** The recorder for commands in processes of their own. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import type { SentRequest } from "./record-requests.ts";
import { noteRequest } from "./violations.ts";

let preload: string | undefined;

/** The environment that makes a command write down what it sends, and what reads that once the command has ended. */
export function recordCommand(): {
  readonly env: Readonly<Record<string, string>>;
  readonly collect: () => void;
} {
  const file = join(tmpdir(), `apimgw-requests-${randomUUID()}`);
  preload ??= pathToFileURL(bundlePreload()).href;
  return {
    env: { NODE_OPTIONS: `--import=${preload}`, REQUEST_LOG: file },
    collect: () => {
      if (!existsSync(file)) return;
      const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
      rmSync(file);
      for (const line of lines) noteRequest(JSON.parse(line) as SentRequest);
    },
  };
}

/** As plain JavaScript: having Node strip the types would cost every command more than its own start. */
function bundlePreload(): string {
  const entry = join(import.meta.dirname, "preload.ts");
  const options = { bundle: true, platform: "node", format: "esm", target: "node22", write: false } as const;
  const [output] = buildSync({ ...options, entryPoints: [entry] }).outputFiles;
  if (output === undefined) throw new Error(`nothing was made of ${entry}`);
  const hash = createHash("sha256").update(output.contents).digest("hex").slice(0, 16);
  const file = join(tmpdir(), `apimgw-preload-${hash}.mjs`);
  if (!existsSync(file)) {
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, output.contents);
    renameSync(draft, file);
  }
  return file;
}
