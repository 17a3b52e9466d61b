/** Named values. They have no description, so the mark is a tag. The value of a secret is never returned by the service. */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import type { NamedValueSpec } from "../../spec/schema.ts";
import {
  listMember,
  objectMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { isMarkTag, markInTags, newMark, markTags } from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const namedValueKind: KindDefinition = {
  kind: "namedValue",
  title: "named value",
  normalize,
  mark: markInTags,
  unique: { property: "displayName" },
  identities: {},
  references: () => [],
};

export function namedValuePath(id: string): string {
  return `namedValues/${id}`;
}

export function namedValueResource(
  id: string,
  spec: NamedValueSpec,
  owner: string,
  origin: Location,
): Resource {
  const keyVault =
    spec.keyVault === undefined
      ? undefined
      : { secretIdentifier: spec.keyVault, identityClientId: spec.identityClientId };
  return {
    kind: "namedValue",
    id,
    path: namedValuePath(id),
    body: {
      properties: {
        displayName: spec.displayName ?? id,
        value: spec.value,
        keyVault,
        // A Key Vault reference must be secret.
        secret: keyVault !== undefined || (spec.secret ?? false),
        tags: [...(spec.tags ?? []), ...markTags(newMark(owner, spec.protected))],
      },
    },
    dependsOn: [],
    origin,
  };
}

/** Whether the value is kept from readers: neither shown nor compared. */
export function isSecretNamedValue(properties: JsonObject): boolean {
  return properties.secret === true;
}

function normalize(properties: JsonObject): JsonObject {
  const known = withoutDefaults(withoutEmpty(properties), { secret: false });
  const hidden = [
    "tags",
    "keyVault",
    "provisioningState",
    ...(isSecretNamedValue(properties) ? ["value"] : []),
  ];
  const keyVault = objectMember(known, "keyVault");
  return withoutEmpty({
    ...without(known, hidden),
    tags: listMember(known, "tags").filter((tag) => !isMarkTag(tag)),
    protected: markInTags.read(known)?.isProtected,
    keyVault:
      keyVault === undefined
        ? undefined
        : {
            secretIdentifier: stringMember(keyVault, "secretIdentifier"),
            identityClientId: stringMember(keyVault, "identityClientId"),
          },
  });
}

/** What a spec says for a live named value. The value of a secret stays on the service: it is not read. */
export function namedValueSpecOf(id: string, properties: JsonObject): NamedValueSpec {
  const displayName = stringMember(properties, "displayName") ?? id;
  const keyVault = objectMember(properties, "keyVault");
  const tags = listMember(properties, "tags").filter((tag) => typeof tag === "string" && !isMarkTag(tag));
  const shared = {
    displayName: displayName === id ? undefined : displayName,
    tags: tags.length === 0 ? undefined : tags.map(String),
  };
  if (keyVault !== undefined) {
    const identityClientId = stringMember(keyVault, "identityClientId");
    return { keyVault: stringMember(keyVault, "secretIdentifier"), identityClientId, ...shared };
  }
  if (isSecretNamedValue(properties)) return { secret: true, displayName: shared.displayName };
  return { value: stringMember(properties, "value") ?? "", ...shared };
}

/** Whether the service made it to keep a logger's credentials. */
export function isMadeForLogger(properties: JsonObject): boolean {
  return (stringMember(properties, "displayName") ?? "").startsWith("Logger-Credentials--");
}
