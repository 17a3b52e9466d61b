/** Policy fragments: a document with a description, which carries the mark. */
import type { Location } from "../../location.ts";
import type { PolicyDocument } from "../../policy/tree.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { comparedDescription, markDescription, markInDescription, newMark } from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const fragmentKind: KindDefinition = {
  kind: "fragment",
  title: "fragment",
  normalize: comparedDescription,
  mark: markInDescription,
  identities: {},
  references: () => [],
};

export function fragmentPath(id: string): string {
  return `policyFragments/${id}`;
}

export function fragmentResource(
  id: string,
  document: PolicyDocument,
  { description, isProtected }: { readonly description?: string; readonly isProtected?: boolean },
  dependsOn: readonly string[],
  owner: string,
  origin: Location,
): Resource {
  const body = { properties: { description: markDescription(description, newMark(owner, isProtected)) } };
  return { kind: "fragment", id, path: fragmentPath(id), body, document, dependsOn, origin };
}
