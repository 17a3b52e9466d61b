import type { PolicyScope } from "./policy-rule.ts";

/**
 * Where a document applies, by its path as `render` lays it out: `apis/ID/policy.xml` is an API's, and so on, with any folder
 * before. `policy.xml` alone says nothing unless it stands at the top of such a folder (`isRendered`): then it is the global one.
 */
export function scopeOfPath(path: string, isRendered: (folder: string) => boolean): PolicyScope | undefined {
  const parts = path.replaceAll("\\", "/").split("/");
  if (parts.at(-1) !== "policy.xml") return undefined;
  const owner = parts.at(-3);
  if (owner === "operations") return parts.at(-5) === "apis" ? "operation" : undefined;
  if (owner === "apis") return "api";
  if (owner === "products") return "product";
  if (owner === "workspaces") return "workspace";
  return isRendered(parts.slice(0, -1).join("/")) ? "global" : undefined;
}

/** Tells which folders are the top of a rendered tree: documents of APIs or products stand below them. */
export function renderedFolders(paths: readonly string[]): (folder: string) => boolean {
  const tops = new Set(
    paths.flatMap(
      (path) =>
        /^(.*?)\/?(?:apis|products)\/[^/]+\/(?:operations\/[^/]+\/)?policy\.xml$/.exec(
          path.replaceAll("\\", "/"),
        )?.[1] ?? [],
    ),
  );
  return (folder) => tops.has(folder);
}
