/** Version sets: what makes APIs versions of one another. */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import type { VersionSetSpec } from "../../spec/schema.ts";
import { stringMember, without, withoutEmpty } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import {
  comparedDescription,
  markDescription,
  markInDescription,
  newMark,
  writtenDescription,
} from "../ownership.ts";
import type { Resource } from "../resource.ts";

export const versionSetKind: KindDefinition = {
  kind: "versionSet",
  title: "version set",
  normalize: (properties) => {
    const known = withoutEmpty(properties);
    return { ...without(known, ["description"]), ...comparedDescription(known) };
  },
  mark: markInDescription,
  identities: {},
  references: () => [],
};

/** APIM's words for where the version stands. */
const schemes = { path: "Segment", header: "Header", query: "Query" } as const;

export function versionSetPath(id: string): string {
  return `apiVersionSets/${id}`;
}

export function versionSetResource(
  id: string,
  spec: VersionSetSpec,
  owner: string,
  origin: Location,
): Resource {
  const { scheme, name } = spec;
  return {
    kind: "versionSet",
    id,
    path: versionSetPath(id),
    body: {
      properties: {
        displayName: spec.displayName ?? id,
        description: markDescription(spec.description, newMark(owner, spec.protected)),
        versioningScheme: schemes[scheme],
        ...(scheme === "header" ? { versionHeaderName: name } : {}),
        ...(scheme === "query" ? { versionQueryName: name } : {}),
      },
    },
    dependsOn: [],
    origin,
  };
}

/** What a spec says for a live version set. */
export function versionSetSpecOf(id: string, properties: JsonObject): VersionSetSpec {
  const displayName = stringMember(properties, "displayName");
  const written = stringMember(properties, "versioningScheme");
  const scheme = written === "Header" ? "header" : written === "Query" ? "query" : "path";
  return {
    displayName: displayName === id ? undefined : displayName,
    description: writtenDescription(properties),
    scheme,
    name:
      scheme === "path"
        ? undefined
        : stringMember(properties, scheme === "header" ? "versionHeaderName" : "versionQueryName"),
  };
}
