/** What a spec compiles to, as files under the paths they have in ARM. */
import { join } from "node:path";
import { maskSecrets } from "../core/model/secrets.ts";
import { withContentDigest } from "../core/plan/content.ts";
import type { Resource } from "../core/model/resource.ts";
import { printPolicyDocument } from "../core/policy/print.ts";
import type { PolicyDialect } from "../core/policy/tree.ts";
import type { Files } from "../core/ports.ts";
import { compareText } from "../core/problem.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";

export type RenderedFile = { readonly path: string; readonly text: string };

/** Renders; paths are relative, sorted, with `/`. Throws Failure `SPEC.INVALID` when the spec has errors. */
export async function render(
  files: Files,
  request: GatewayRequest,
  dialect: PolicyDialect,
): Promise<RenderedFile[]> {
  const { model } = await loadSoundGateway(files, request);
  return model.resources
    .map((resource) => renderResource(withContentDigest(resource), dialect))
    .sort((a, b) => compareText(a.path, b.path));
}

/** Writes rendered files below a folder. Throws Failure `FILE.UNWRITABLE`. */
export async function writeRendered(
  files: Files,
  directory: string,
  rendered: readonly RenderedFile[],
): Promise<void> {
  await Promise.all(rendered.map(({ path, text }) => files.write(join(directory, path), text)));
}

function renderResource(resource: Resource, dialect: PolicyDialect): RenderedFile {
  if (resource.document !== undefined) {
    const path =
      resource.kind === "policy"
        ? resource.path.replace(/(^|\/)policies\/policy$/, "$1policy")
        : resource.path;
    return { path: `${path}.xml`, text: printPolicyDocument(resource.document, { dialect }) };
  }
  return { path: `${resource.path}.json`, text: `${JSON.stringify(maskSecrets(resource), undefined, 2)}\n` };
}
