/**
 * APIs. The service does not give back the OpenAPI document that an API was imported from, so the mark in the description
 * carries the start of its SHA-256, and the operations that the import made are compared one by one.
 */
import { createHash } from "node:crypto";
import { isJsonObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { referenceTo } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import type { OpenApiDocument, OpenApiOperation } from "../../openapi/document.ts";
import type { ApiSpec } from "../../spec/schema.ts";
import {
  lastSegment,
  listMember,
  objectMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import {
  markDescription,
  markInDescription,
  newMark,
  readDescription,
  writtenDescription,
} from "../ownership.ts";
import type { Resource } from "../resource.ts";
import { versionSetPath } from "./version-set.ts";

export const apiKind: KindDefinition = {
  kind: "api",
  title: "API",
  normalize,
  mark: markInDescription,
  // The import fills in contact, license and more from the document: those are its affair.
  manages: (desired) => [
    ...Object.keys(desired).filter((name) => desired[name] !== undefined),
    ...(desired.format === undefined ? [] : ["openapi", "protected", "apiVersion", "apiVersionSetId"]),
  ],
  unique: { property: "path", ignoresCase: true },
  identities: {},
  references: ({ apiVersionSetId }) =>
    typeof apiVersionSetId === "string" ? [versionSetPath(lastSegment(apiVersionSetId))] : [],
};

/** Names of the parameters that carry the subscription key when an API does not set its own. */
const defaultKeyNames = { header: "Ocp-Apim-Subscription-Key", query: "subscription-key" };

export function apiPath(id: string): string {
  return `apis/${id}`;
}

/**
 * What the import makes of required query parameters. In the URL template, as is its default, a call without them would find no
 * operation; where the policies see to the `api-version`, callers may leave it out.
 */
function queryConduct({ apiVersion }: ApiSpec): JsonObject {
  return apiVersion === undefined ? {} : { translateRequiredQueryParameters: "query" };
}

/** First 16 hexadecimal digits of the SHA-256 of what is imported, and how. */
function openApiDigest(document: OpenApiDocument, conduct: JsonObject): string {
  const hash = createHash("sha256").update(document.json);
  for (const name of Object.keys(conduct)) hash.update(`\n${name}`);
  return hash.digest("hex").slice(0, 16);
}

/** An API that is imported, whole: its properties and the OpenAPI document. */
export function importedApiResource(
  id: string,
  spec: ApiSpec,
  document: OpenApiDocument,
  { owner, service }: { readonly owner: string; readonly service: ServiceRef },
  origin: Location,
): Resource {
  const conduct = queryConduct(spec);
  const mark = { ...newMark(owner, spec.protected), openapi: openApiDigest(document, conduct) };
  return {
    kind: "api",
    id,
    path: apiPath(id),
    body: {
      properties: {
        displayName: spec.displayName ?? (document.title === "" ? id : document.title),
        description: markDescription(spec.description, mark),
        path: spec.path,
        protocols: ["https"],
        serviceUrl: spec.serviceUrl ?? serverUrl(document),
        ...versionProperties(spec, service),
        ...keyProperties(spec),
        format: document.version === "2.0" ? "swagger-json" : "openapi+json",
        value: document.json,
        ...conduct,
      },
    },
    operations: operationTable(document.operations),
    dependsOn: versionSetsOf(spec),
    origin,
  };
}

/**
 * The document's first server when it is an absolute URL: what the import makes the service URL. What it makes of a server with
 * variables, or of a relative one, is left to it.
 */
function serverUrl({ json }: OpenApiDocument): string | undefined {
  const document: unknown = JSON.parse(json);
  const servers = isJsonObject(document) ? listMember(document, "servers") : [];
  const [first] = servers;
  const url = isJsonObject(first) ? stringMember(first, "url") : undefined;
  return url !== undefined && /^https?:\/\/[^{}]+$/.test(url) ? url.replace(/\/$/, "") : undefined;
}

/**
 * What the spec says about an API that exists already; undefined when it says nothing. It carries no mark, since the API
 * itself is not ours to delete.
 */
export function existingApiResource(
  id: string,
  spec: ApiSpec,
  service: ServiceRef,
  origin: Location,
): Resource | undefined {
  const properties = withoutEmpty({
    displayName: spec.displayName,
    description: spec.description,
    path: spec.path,
    serviceUrl: spec.serviceUrl,
    ...versionProperties(spec, service),
    ...(spec.subscriptionKey === undefined ? {} : keyProperties(spec)),
  });
  if (Object.keys(properties).length === 0) return undefined;
  const dependsOn = versionSetsOf(spec);
  return { kind: "api", id, path: apiPath(id), body: { properties }, mustExist: true, dependsOn, origin };
}

function versionProperties({ version }: ApiSpec, service: ServiceRef): JsonObject {
  if (version === undefined) return {};
  return { apiVersion: version.name, apiVersionSetId: referenceTo(service, versionSetPath(version.set)) };
}

function versionSetsOf({ version }: ApiSpec): string[] {
  return version === undefined ? [] : [versionSetPath(version.set)];
}

function keyProperties(spec: ApiSpec): JsonObject {
  const key = spec.subscriptionKey;
  if (key === false) return { subscriptionRequired: false };
  return {
    subscriptionRequired: true,
    subscriptionKeyParameterNames: {
      header: key?.header ?? defaultKeyNames.header,
      query: key?.query ?? defaultKeyNames.query,
    },
  };
}

/** Operation id → `POST /path`: what must be there after the import. */
function operationTable(operations: readonly OpenApiOperation[]): Readonly<Record<string, string>> {
  return Object.fromEntries(operations.map(({ id, method, path }) => [id, operationSignature(method, path)]));
}

/**
 * Method and URL template without its query: the import turns required query parameters into template parameters
 * (`translateRequiredQueryParameters`).
 */
export function operationSignature(method: string, urlTemplate: string): string {
  return `${method.toUpperCase()} ${urlTemplate.split("?", 1)[0] ?? ""}`;
}

function normalize(properties: JsonObject): JsonObject {
  const description = readDescription(stringMember(properties, "description") ?? "");
  const set = stringMember(properties, "apiVersionSetId");
  const given = without(properties, ["description", "format", "value", "translateRequiredQueryParameters"]);
  // The version that callers get without naming any.
  const known = withoutDefaults(withoutEmpty(given), { apiVersion: "" });
  return {
    ...known,
    // The service returns the whole id.
    ...(set === undefined ? {} : { apiVersionSetId: `/${versionSetPath(lastSegment(set))}` }),
    ...(properties.description === undefined ? {} : { description: description.text }),
    ...(description.mark?.openapi === undefined ? {} : { openapi: `sha256:${description.mark.openapi}…` }),
    ...(description.mark?.isProtected === true ? { protected: true } : {}),
  };
}

/**
 * What a spec says about a live API itself, beside its policies. The names of the key's parameters are left out where they are
 * the service's own.
 */
export function apiSpecOf(properties: JsonObject): ApiSpec {
  const set = stringMember(properties, "apiVersionSetId");
  return {
    displayName: stringMember(properties, "displayName"),
    description: writtenDescription(properties),
    path: stringMember(properties, "path"),
    version:
      set === undefined
        ? undefined
        : { set: lastSegment(set), name: stringMember(properties, "apiVersion") || undefined },
    serviceUrl: stringMember(properties, "serviceUrl"),
    subscriptionKey: subscriptionKeyOf(properties),
  };
}

function subscriptionKeyOf(properties: JsonObject): ApiSpec["subscriptionKey"] {
  if (properties.subscriptionRequired === false) return false;
  const names = objectMember(properties, "subscriptionKeyParameterNames") ?? {};
  const [header, query] = [stringMember(names, "header"), stringMember(names, "query")];
  const isDefault = header === defaultKeyNames.header && query === defaultKeyNames.query;
  return isDefault || (header === undefined && query === undefined) ? undefined : { header, query };
}
