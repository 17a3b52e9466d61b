/** Policy fragments: a document with a description, which carries the mark. */
import type { Location } from "../../location.ts";
import type { PolicyDocument } from "../../policy/tree.ts";
import { stringMember } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { markDescription, readDescription } from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const fragmentKind: KindDefinition = {
  kind: "fragment",
  title: "fragment",
  normalize: (properties) => {
    const { text } = readDescription(stringMember(properties, "description") ?? "");
    return text === "" ? {} : { description: text };
  },
  owner: (properties) => readDescription(stringMember(properties, "description") ?? "").mark?.owner,
  identities: {},
  references: () => [],
};

export function fragmentPath(id: string): string {
  return `policyFragments/${id}`;
}

export function fragmentResource(
  id: string,
  document: PolicyDocument,
  description: string | undefined,
  dependsOn: readonly string[],
  owner: string,
  origin: Location,
): Resource {
  const body = { properties: { description: markDescription(description, { owner }) } };
  return { kind: "fragment", id, path: fragmentPath(id), body, document, dependsOn, origin };
}
