/** References of policies and bodies as ARM paths: the order of writes and deletes follows from them. */
import { policyReferences } from "../policy/references.ts";
import type { PolicyReference, ReferenceKind } from "../policy/references.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { backendPath } from "./kinds/backend.ts";
import { fragmentPath } from "./kinds/fragment.ts";
import { loggerPath } from "./kinds/logger.ts";
import { namedValuePath } from "./kinds/named-value.ts";

const paths: Readonly<Record<ReferenceKind, (name: string) => string>> = {
  backend: backendPath,
  fragment: fragmentPath,
  logger: loggerPath,
  namedValue: namedValuePath,
};

/**
 * Paths that a document's elements refer to. `namedValueId` turns a display name, which `{{name}}` uses, into the id; undefined
 * leaves the reference out.
 */
export function referencedPaths(
  root: PolicyElement,
  namedValueId: (displayName: string) => string | undefined,
): string[] {
  return policyReferences(root).flatMap(({ kind, name }: PolicyReference) => {
    const id = kind === "namedValue" ? namedValueId(name) : name;
    return id === undefined ? [] : [paths[kind](id)];
  });
}
