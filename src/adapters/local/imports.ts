/** What importing an OpenAPI document makes of an API: its operations, and what the request left open. */
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { OpenApiDocument, OpenApiOperation } from "../../core/openapi/document.ts";
import { parseOpenApi } from "../../core/openapi/parse.ts";
import { fieldError } from "./errors.ts";
import type { ImportRequest } from "./kinds/kind.ts";
import { operationProperties } from "./kinds/operation.ts";
import { importedOperation } from "./openapi-operation.ts";
import type { Edit, ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { keyOf, newEtag } from "./stored.ts";
import { textOf } from "./validate.ts";

/**
 * The edits of an import. Operations that stay keep their policies; those that are gone go with theirs. What the request
 * says about the API wins over the document. Throws ArmError when the document cannot be imported.
 */
export function importEdits(service: ServiceStore, api: Stored, wanted: ImportRequest): Edit[] {
  const document = readDocument(wanted);
  const root: unknown = JSON.parse(document.json);
  const content = isJsonObject(root) ? root : {};
  const operations = document.operations.map((operation) =>
    operationResource(service, api, operation, content, wanted.queryConduct),
  );
  const kept = new Set(operations.map((operation) => keyOf(operation.path)));
  const gone = service.list(`${api.path}/operations`).filter((operation) => !kept.has(keyOf(operation.path)));
  const removed = gone.flatMap((operation) => [...service.below(operation.path), operation]);
  return [
    // Kept for whoever validates by it; the service does not give the document back.
    {
      put: {
        ...api,
        properties: completed(api.properties, document, content),
        secrets: { format: wanted.format, value: document.json },
      },
    },
    ...operations.map((put): Edit => ({ put })),
    ...removed.map(({ path }): Edit => ({ remove: path })),
  ];
}

function readDocument({ format, value }: ImportRequest): OpenApiDocument {
  if (format.endsWith("json") && !isJsonText(value))
    throw parsingError(`the document is not JSON, as format '${format}' says`);
  const parsed = parseOpenApi(value, "value");
  if (!parsed.ok) {
    throw parsingError(
      parsed.problems.map(({ message, at }) => `${message} [${at.line}, ${at.column}]`).join("; "),
    );
  }
  const isSwagger = parsed.document.version === "2.0";
  if (isSwagger !== (format === "swagger-json")) {
    throw parsingError(`the document is OpenAPI ${parsed.document.version}, which format '${format}' is not`);
  }
  return parsed.document;
}

function isJsonText(value: string): boolean {
  try {
    JSON.parse(value.replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return false;
  }
}

function parsingError(message: string) {
  return fieldError("representation", `Parsing error(s): ${message}.`);
}

/** The API's properties with what the document says where the request said nothing. */
function completed(properties: JsonObject, document: OpenApiDocument, content: JsonObject): JsonObject {
  const info = isJsonObject(content["info"]) ? content["info"] : {};
  const displayName =
    properties["displayName"] ?? (document.title === "" ? null : document.title.slice(0, 300));
  if (displayName === null) throw fieldError("displayName", "'displayName' should not be empty.");
  return {
    ...properties,
    displayName,
    description: properties["description"] ?? textOf(info["description"]) ?? null,
    serviceUrl: properties["serviceUrl"] ?? serverUrl(content) ?? null,
  };
}

/** The document's first server, when it is an absolute URL without variables. */
function serverUrl(content: JsonObject): string | undefined {
  const servers: Json | undefined = content["servers"];
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined;
  const url = isJsonObject(first) ? textOf(first["url"]) : swaggerUrl(content);
  return url !== undefined && /^https?:\/\/[^{}]+$/.test(url) ? url.replace(/\/$/, "") : undefined;
}

function swaggerUrl(content: JsonObject): string | undefined {
  const host = textOf(content["host"]);
  const schemes = Array.isArray(content["schemes"]) ? content["schemes"] : [];
  const scheme = schemes.includes("https") || schemes.length === 0 ? "https" : "http";
  return host === undefined ? undefined : `${scheme}://${host}${textOf(content["basePath"]) ?? ""}`;
}

function operationResource(
  service: ServiceStore,
  api: Stored,
  operation: OpenApiOperation,
  content: JsonObject,
  conduct: ImportRequest["queryConduct"],
): Stored {
  const path = `${api.path}/operations/${operation.id}`;
  const known = service.get(path);
  const properties = operationProperties(importedOperation(operation, content, conduct));
  return { path: known?.path ?? path, etag: newEtag(), properties, uses: [] };
}
