import type { JsonObject } from "../json.ts";
import { namedValuesIn } from "../model/kind-definition.ts";
import { namedValuePath } from "../model/kinds/named-value.ts";
import { referencedPaths } from "../model/references.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { compareText } from "../problem.ts";

/** Finds what a document or a body refers to, as ARM paths, sorted. Display names outside the spec are left out. */
export type FindReferences = {
  readonly document: (document: PolicyDocument) => readonly string[];
  readonly body: (body: JsonObject) => readonly string[];
};

export function createFindReferences(idsByDisplayName: ReadonlyMap<string, string>): FindReferences {
  const sorted = (paths: readonly string[]): string[] => [...new Set(paths)].sort(compareText);
  return {
    document: ({ root }) => sorted(referencedPaths(root, (name) => idsByDisplayName.get(name))),
    body: (body) =>
      sorted(
        namedValuesIn(body).flatMap((name) => {
          const id = idsByDisplayName.get(name);
          return id === undefined ? [] : [namedValuePath(id)];
        }),
      ),
  };
}
