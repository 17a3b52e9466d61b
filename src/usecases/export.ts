/** `export`: what a spec compiles to, as a module that another tool deploys. */
import { exportModel } from "../core/export/export-files.ts";
import type { ExportedModule } from "../core/export/export-files.ts";
import type { ExportTarget } from "../core/export/targets.ts";
import { isWrittenFor } from "../core/export/written-by.ts";
import { Failure } from "../core/failure.ts";
import type { Files } from "../core/ports.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";
import { join, refuseExisting } from "./new-files.ts";

/** A module and the spec that it is of. */
export type ExportedGateway = ExportedModule & { readonly owner: string };

/** Makes the module. Throws Failure `SPEC.INVALID`, and `EXPORT.*` for what the language cannot say. */
export async function exportGateway(
  files: Files,
  request: GatewayRequest,
  target: ExportTarget,
): Promise<ExportedGateway> {
  const { model } = await loadSoundGateway(files, request);
  return { ...exportModel(model, target), owner: model.owner };
}

/**
 * Writes a module below a folder. An earlier export of the same spec is overwritten; what others put there is not, unless forced:
 * throws Failure `EXPORT.EXISTS`, before anything is written, and `FILE.UNWRITABLE`.
 */
export async function writeExported(
  files: Files,
  directory: string,
  exported: ExportedGateway,
  force: boolean,
): Promise<void> {
  const mayOverwrite = force || (await isOwnExport(files, directory, exported));
  const paths = exported.files.map(({ path }) => path);
  await refuseExisting(files, directory, paths, { force: mayOverwrite, code: "EXPORT.EXISTS" });
  // The main file last: should a write fail, the module does not look complete.
  const inOrder = exported.files.toSorted(
    (a, b) => Number(a.path === exported.mainFile) - Number(b.path === exported.mainFile),
  );
  for (const { path, text } of inOrder) await files.write(join(directory, path), text);
}

async function isOwnExport(
  files: Files,
  directory: string,
  { mainFile, owner }: ExportedGateway,
): Promise<boolean> {
  const path = join(directory, mainFile);
  if (!(await files.exists(path))) return false;
  try {
    return isWrittenFor(owner, await files.read(path));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
