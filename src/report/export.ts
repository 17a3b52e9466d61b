import type { ExportTarget } from "../core/export/targets.ts";
import { plural } from "./count.ts";
import { formatTree } from "./tree.ts";
import { visibleLine } from "./visible.ts";

type ExportedInfo = {
  readonly to: ExportTarget;
  /** Where it was written; undefined when it was not. */
  readonly directory: string | undefined;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly secrets: readonly { readonly name: string; readonly description: string }[];
};

/** The files of a module as a tree, or where they were written; then the secrets that whoever deploys it must give. */
export function formatExported({ directory, files, secrets }: ExportedInfo): string {
  const list = formatTree(files.map(({ path }) => path));
  const written =
    directory === undefined ? list : `Wrote ${plural(files.length, "file")} to ${visibleLine(directory)}.`;
  if (secrets.length === 0) return written;
  const names = secrets.map(({ name, description }) => `  ${visibleLine(name)}  ${visibleLine(description)}`);
  return [written, "", "To be given when it is deployed:", ...names].join("\n");
}

export function formatExportedJson({ to, directory, files, secrets }: ExportedInfo): string {
  return JSON.stringify(
    {
      formatVersion: 1,
      to,
      directory: directory ?? null,
      files: files.map(({ path, text }) => ({ path, text })),
      secrets: secrets.map(({ name, description }) => ({ name, description })),
    },
    null,
    2,
  );
}
