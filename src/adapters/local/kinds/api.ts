import type { Json, JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { fieldError, notFound } from "../errors.ts";
import { armId, resourceOfId } from "../references.ts";
import {
  copiedContent,
  currentPath,
  isSameApi,
  otherRevisions,
  releasedRevision,
  revisionNumber,
} from "../revisions.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { keyOf, nameOf } from "../stored.ts";
import { accept, boolean, fields, list, oneOf, text, textOf, without, withoutNulls } from "../validate.ts";
import type { Accepted, ImportRequest, ResourceKind, WriteInput } from "./kind.ts";
import { linksOfApi } from "./product.ts";
import { idRule, respondAsStored } from "./kind.ts";

export const apiKind: ResourceKind = {
  collection: "apis",
  title: "API",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: checkApiId,
  accept: acceptApi,
  respond: respondAsStored,
  alsoDeleted,
};

const idPattern = idRule("apiId", 256, /^[^*#&+:<>?]+$/);

function checkApiId(id: string): string | undefined {
  const isRevision = revisionNumber(id) !== undefined;
  if (!isRevision && id.includes(";rev=")) return "The number of a revision is missing in 'apiId'.";
  return idPattern(id);
}

/** Links of products, and the other revisions with all that is in them. */
function alsoDeleted(service: ServiceStore, api: Stored): Stored[] {
  if (revisionNumber(api.path) !== undefined) return [];
  const revisions = otherRevisions(service, api);
  const links = linksOfApi(service, api);
  return [...links, ...revisions.flatMap((revision) => [...service.below(revision.path), revision])];
}

/** Formats that carry the document itself. */
const importFormats = ["openapi", "openapi+json", "swagger-json"];
const otherFormats = [
  ...[
    "wadl-xml",
    "wadl-link-json",
    "swagger-link-json",
    "swagger-link",
    "wsdl",
    "wsdl-link",
    "openapi-link",
    "openapi+json-link",
  ],
  ...["graphql-link", "odata", "odata-link", "grpc", "grpc-link"],
];

const apiTypes = ["http", "soap", "websocket", "graphql", "odata", "grpc"];

const checks = fields(
  {
    path: text({ max: 400 }),
    displayName: text({ min: 1, max: 300 }),
    description: text(),
    serviceUrl: text({ max: 2000 }),
    protocols: list(oneOf(["http", "https", "ws", "wss"])),
    type: oneOf(apiTypes),
    apiType: oneOf(apiTypes),
    apiRevision: text({ min: 1, max: 100 }),
    apiVersion: text({ max: 100 }),
    apiRevisionDescription: text({ max: 256 }),
    apiVersionDescription: text({ max: 256 }),
    isCurrent: boolean,
    subscriptionRequired: boolean,
    subscriptionKeyParameterNames: fields({ header: text(), query: text() }),
    authenticationSettings: fields({}),
    termsOfServiceUrl: text(),
    contact: fields({ name: text(), url: text(), email: text() }),
    license: fields({ name: text(), url: text() }),
    translateRequiredQueryParameters: oneOf(["template", "query"]),
    format: oneOf([...importFormats, ...otherFormats]),
    value: text({ min: 1 }),
  },
  ["path"],
);

function acceptApi(input: WriteInput): Accepted {
  const given = accept(input.sent, checks);
  return revisionNumber(input.path) === undefined
    ? acceptCurrent(input, given)
    : acceptRevision(input, given);
}

/**
 * A revision that is not current. It is made as a copy; what all revisions share cannot be changed in it (the words are the
 * service's, Azure/azure-powershell#9270).
 */
function acceptRevision(input: WriteInput, given: JsonObject): Accepted {
  const { service, path, current } = input;
  const api = service.get(currentPath(path));
  if (api === undefined) throw notFound("API");
  const source = current ?? copiedApi(service, api, given);
  for (const [name, title] of sharedProperties) {
    if (given[name] !== undefined && given[name] !== api.properties[name])
      throw fieldError(name, `Can't change property ${title} for non-current revision`);
  }
  const before = withoutNulls(without(source.properties, "isCurrent", "apiRevision", "provisioningState"));
  const wanted = importOf(given);
  const merged =
    current === undefined || wanted !== undefined ? { ...before, ...given } : { ...shared(api), ...given };
  return {
    properties: {
      ...apiProperties(merged, textOf(api.properties["path"]) ?? ""),
      ...shared(api),
      apiRevision: revisionNumber(path) ?? "",
      isCurrent: false,
    },
    uses: api.uses,
    ...(current === undefined ? { alongside: copiedContent(service, source, path) } : {}),
    ...(wanted === undefined ? {} : { import: wanted }),
  };
}

const sharedProperties = [
  ["displayName", "Name"],
  ["path", "Path"],
] as const;

function shared({ properties }: Stored): JsonObject {
  return optional(properties, "displayName", "path", "apiVersion", "apiVersionSetId", "apiVersionSet");
}

function copiedApi(service: ServiceStore, api: Stored, given: JsonObject): Stored {
  const sourceId = textOf(given["sourceApiId"]);
  if (sourceId === undefined)
    throw fieldError("sourceApiId", "The local APIM makes revisions as copies: 'sourceApiId' is needed.");
  return releasedRevision(service, api.path, sourceId);
}

function acceptCurrent(input: WriteInput, given: JsonObject): Accepted {
  const path = (textOf(given["path"]) ?? "").replace(/^\/+|\/+$/g, "");
  refuseWhatIsNotKept(given);
  const set = versionSetOf(input, given);
  refuseTakenPath(input, path, set);
  refuseTakenVersion(input, textOf(given["apiVersion"]) ?? "", set);
  const wanted = importOf(given);
  if (wanted === undefined && given["displayName"] === undefined)
    throw fieldError("displayName", "'displayName' should not be empty.");
  // A write without a document leaves what was imported as it is.
  const secrets = wanted === undefined ? input.current?.secrets : undefined;
  return {
    properties: {
      ...apiProperties(given, path),
      apiRevision: given["apiRevision"] ?? input.current?.properties["apiRevision"] ?? "1",
      ...versionOf(input.service, given, set),
    },
    uses: set === undefined ? [] : [keyOf(set.path)],
    ...(secrets === undefined ? {} : { secrets }),
    ...(wanted === undefined ? {} : { import: wanted }),
  };
}

function versionSetOf({ service }: WriteInput, given: JsonObject): Stored | undefined {
  const id = textOf(given["apiVersionSetId"]);
  if (id === undefined) return undefined;
  const found = resourceOfId(service, "apiVersionSets", id);
  if (found === undefined) throw fieldError("apiVersionSetId", "API version set not found.");
  return found;
}

function versionOf(service: ServiceStore, given: JsonObject, set: Stored | undefined): JsonObject {
  if (set === undefined) return {};
  const { displayName, versioningScheme, versionQueryName, versionHeaderName, description } = set.properties;
  const id = armId(service, set.path);
  return {
    apiVersion: given["apiVersion"] ?? "",
    apiVersionSetId: id,
    apiVersionSet: {
      id,
      name: displayName,
      description,
      versioningScheme,
      versionQueryName,
      versionHeaderName,
    },
  };
}

/** One version is one API. The words are made up. */
function refuseTakenVersion(
  { service, path: own }: WriteInput,
  version: string,
  set: Stored | undefined,
): void {
  if (set === undefined) return;
  const holder = service
    .usersOf(set.path)
    .find((api) => !isSameApi(api.path, own) && (api.properties["apiVersion"] ?? "") === version);
  if (holder === undefined) return;
  const message = `API '${nameOf(holder.path)}' is version '${version}' of the version set already.`;
  throw fieldError("apiVersion", message);
}

function refuseWhatIsNotKept(given: JsonObject): void {
  if (textOf(given["sourceApiId"]) !== undefined)
    throw fieldError("sourceApiId", "The local APIM does not copy APIs.");
  if (given["isCurrent"] === false)
    throw fieldError(
      "isCurrent",
      "'isCurrent' must be true: a revision is made under its own id, 'ID;rev=N'.",
    );
}

/** The words are the service's, its two blanks included (Azure/azure-powershell#11027). */
function refuseTakenPath({ service, path: own }: WriteInput, path: string, set: Stored | undefined): void {
  const holder = service
    .list("apis")
    .find(
      (api) =>
        !isSameApi(api.path, own) &&
        textOf(api.properties["path"])?.toLowerCase() === path.toLowerCase() &&
        (set === undefined || !api.uses.includes(keyOf(set.path))),
    );
  if (holder === undefined) return;
  const message = `Cannot create API '${nameOf(own)}' with the same Path '${path}' as API '${nameOf(holder.path)}'  unless it's a part of the same version set`;
  throw fieldError("path", message);
}

function importOf(given: JsonObject): ImportRequest | undefined {
  const format = textOf(given["format"]);
  const value = textOf(given["value"]);
  if (value === undefined && format === undefined) return undefined;
  if (value === undefined) throw fieldError("value", "'value' should not be empty.");
  if (format === undefined) throw fieldError("format", "'format' should not be empty.");
  if (!importFormats.includes(format)) {
    const isLink = format.includes("link");
    const why = isLink
      ? "does not fetch documents; send the document itself"
      : "imports OpenAPI documents only";
    throw fieldError("format", `The local APIM ${why}: '${format}' is not supported.`);
  }
  return {
    format,
    value,
    queryConduct: given["translateRequiredQueryParameters"] === "query" ? "query" : "template",
  };
}

/** What is kept of the body, with the service's defaults; an import fills in what is still null. */
function apiProperties(given: JsonObject, path: string): JsonObject {
  return {
    displayName: given["displayName"] ?? null,
    apiRevision: given["apiRevision"] ?? "1",
    description: given["description"] ?? null,
    subscriptionRequired: given["subscriptionRequired"] ?? true,
    serviceUrl: given["serviceUrl"] ?? null,
    path,
    protocols: given["protocols"] ?? ["https"],
    authenticationSettings: authenticationSettings(given["authenticationSettings"]),
    subscriptionKeyParameterNames: keyNames(given["subscriptionKeyParameterNames"]),
    type: given["type"] ?? given["apiType"] ?? "http",
    isCurrent: true,
    ...optional(
      given,
      "apiRevisionDescription",
      "apiVersionDescription",
      "termsOfServiceUrl",
      "contact",
      "license",
    ),
    provisioningState: "Succeeded",
  };
}

function keyNames(given: Json | undefined): JsonObject {
  const names = isJsonObject(given) ? given : {};
  return {
    header: names["header"] ?? "Ocp-Apim-Subscription-Key",
    query: names["query"] ?? "subscription-key",
  };
}

function authenticationSettings(given: Json | undefined): JsonObject {
  const settings = isJsonObject(given) ? given : {};
  return {
    oAuth2: null,
    openid: null,
    oAuth2AuthenticationSettings: [],
    openidAuthenticationSettings: [],
    ...settings,
  };
}

function optional(given: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
}
