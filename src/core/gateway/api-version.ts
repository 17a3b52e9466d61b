/** Versions of APIs: where a request names them. */
import type { JsonObject } from "../json.ts";
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import type { GatewayResource } from "./config.ts";
import type { HeaderMap, GatewayUrl } from "./message.ts";
import { queryValue } from "./query.ts";

export type ApiVersion = {
  readonly scheme: "Segment" | "Header" | "Query";
  /** Of the header or query parameter. */
  readonly name: string;
  /** Empty for the API of a set that callers get without naming a version. */
  readonly value: string;
};

/** The properties of an API that are about its version, and the version sets by their ids in lower case. */
export function apiVersion(
  properties: JsonObject,
  sets: ReadonlyMap<string, JsonObject>,
): ApiVersion | undefined {
  const id = stringMember(properties, "apiVersionSetId");
  const inline = objectMember(properties, "apiVersionSet");
  const value = stringMember(properties, "apiVersion") ?? "";
  if (id === undefined && (inline === undefined || value === "")) return undefined;
  const set = inline ?? sets.get(lastSegment(id ?? "").toLowerCase()) ?? {};
  const scheme = stringMember(set, "versioningScheme");
  if (scheme === "Header") {
    return { scheme, name: stringMember(set, "versionHeaderName") ?? "Api-Version", value };
  }
  if (scheme === "Query") {
    return { scheme, name: stringMember(set, "versionQueryName") ?? "api-version", value };
  }
  return { scheme: "Segment", name: "", value };
}

/** Ids of version sets that APIs refer to and nothing is known of. */
export function unknownVersionSets(
  apis: readonly GatewayResource[],
  sets: ReadonlyMap<string, JsonObject>,
): string[] {
  const named = apis.flatMap(({ body }) => {
    const properties = objectMember(body, "properties") ?? {};
    const id = stringMember(properties, "apiVersionSetId");
    return id === undefined || objectMember(properties, "apiVersionSet") !== undefined
      ? []
      : [lastSegment(id)];
  });
  return [...new Set(named)].filter((id) => !sets.has(id.toLowerCase()));
}

/** The path of an API below the gateway, with the version where it is part of it: `/chat/v2`; empty for none. */
export function apiBasePath({
  path,
  version,
}: {
  readonly path: string;
  readonly version: ApiVersion | undefined;
}): string {
  return [path, version?.scheme === "Segment" ? version.value : ""]
    .map((part) => part.replace(/^\/+|\/+$/g, ""))
    .filter((part) => part !== "")
    .map((part) => `/${part}`)
    .join("");
}

/**
 * Whether a request whose path fits asks for this version. One that names none gets the API of the set that has none
 * [documented], and no other; one that names an unknown version gets nothing [inferred].
 */
export function asksForVersion(
  version: ApiVersion | undefined,
  { queryString }: GatewayUrl,
  headers: HeaderMap,
): boolean {
  if (version === undefined || version.scheme === "Segment") return true;
  const { scheme, name, value } = version;
  const given = scheme === "Header" ? headers.get(name)?.[0] : queryValue(queryString, name);
  return (given ?? "") === value;
}

/** `header Api-Version: v2`; null where the path says it, or there is nothing to say. */
export function versionText(version: ApiVersion | undefined): string | null {
  if (version === undefined || version.scheme === "Segment") return null;
  const where = version.scheme === "Header" ? "header" : "query";
  return version.value === ""
    ? `without ${where} ${version.name}`
    : `${where} ${version.name}: ${version.value}`;
}
