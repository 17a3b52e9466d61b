/** An operation of an OpenAPI document in APIM's terms. */
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { OpenApiOperation } from "../../core/openapi/document.ts";
import type { ImportRequest } from "./kinds/kind.ts";
import { templateNames } from "./kinds/operation.ts";
import { isList, textOf } from "./validate.ts";

/**
 * Properties of the operation that the import makes. With conduct `template` a required query parameter is appended to the
 * URL template (`/chat/completions?api-version={api-version}`), as the service does by default.
 */
export function importedOperation(
  operation: OpenApiOperation,
  root: JsonObject,
  conduct: ImportRequest["queryConduct"],
): JsonObject {
  const { item, written } = find(operation, root);
  const parameters = [...parametersOf(item, root), ...parametersOf(written, root)];
  const query = parameters.filter((parameter) => parameter["in"] === "query");
  const inTemplate =
    conduct === "template" ? query.filter((parameter) => parameter["required"] === true) : [];
  const pairs = inTemplate.map(
    (parameter) => `${nameOfParameter(parameter)}={${nameOfParameter(parameter)}}`,
  );
  const urlTemplate = operation.path + (pairs.length === 0 ? "" : `?${pairs.join("&")}`);
  return {
    displayName: (textOf(written["summary"]) || operation.id).slice(0, 300),
    method: operation.method,
    urlTemplate,
    templateParameters: templateNames(urlTemplate).map((name) => ({
      ...contract(parameters.find((parameter) => nameOfParameter(parameter) === name) ?? { name }),
      required: true,
    })),
    ...(textOf(written["description"]) === undefined
      ? {}
      : { description: textOf(written["description"])?.slice(0, 1000) }),
    request: {
      queryParameters: query.filter((parameter) => !inTemplate.includes(parameter)).map(contract),
      headers: parameters.filter((parameter) => parameter["in"] === "header").map(contract),
      representations: [],
    },
    responses: responsesOf(written),
  };
}

/** The path item and the operation as the document has them. */
function find(
  { method, path }: OpenApiOperation,
  root: JsonObject,
): { item: JsonObject; written: JsonObject } {
  const item = resolve(objectAt(root, "paths")[path], root);
  return { item, written: objectAt(item, method.toLowerCase()) };
}

function parametersOf(holder: JsonObject, root: JsonObject): JsonObject[] {
  const parameters = isList(holder["parameters"]) ? holder["parameters"] : [];
  return parameters
    .map((parameter) => resolve(parameter, root))
    .filter((parameter) => nameOfParameter(parameter) !== "");
}

/** Follows a reference inside the document once. */
function resolve(value: Json | undefined, root: JsonObject): JsonObject {
  if (!isJsonObject(value)) return {};
  const reference = textOf(value["$ref"]);
  if (reference?.startsWith("#/") !== true) return value;
  const keys = reference
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce<JsonObject>((holder, key) => objectAt(holder, key), root);
}

function objectAt(holder: JsonObject, key: string): JsonObject {
  const value = holder[key];
  return isJsonObject(value) ? value : {};
}

function nameOfParameter(parameter: JsonObject): string {
  return textOf(parameter["name"]) ?? "";
}

function contract(parameter: JsonObject): JsonObject {
  const description = textOf(parameter["description"]);
  return {
    name: nameOfParameter(parameter),
    ...(description === undefined ? {} : { description }),
    type: textOf(objectAt(parameter, "schema")["type"]) ?? textOf(parameter["type"]) ?? "string",
    required: parameter["required"] === true,
    values: [],
  };
}

function responsesOf(written: JsonObject): JsonObject[] {
  return Object.entries(objectAt(written, "responses"))
    .filter(([status]) => /^[1-5]\d\d$/.test(status))
    .map(([status, response]) => ({
      statusCode: Number(status),
      description: isJsonObject(response) ? (textOf(response["description"]) ?? "") : "",
      representations: [],
      headers: [],
    }));
}
