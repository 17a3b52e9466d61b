/**
 * The JSON Schema of gateway.yaml, for editors (draft-07, which yaml-language-server reads). It says what the zod schema says,
 * with three differences: `${NAME}` may stand wherever the value is not free text, overlays are the spec with everything
 * optional and null allowed, and keys that this version refuses match nothing.
 */
import { z } from "zod";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { gatewaySchema } from "./schema.ts";

/** Equal on every call. */
export function gatewayJsonSchema(): JsonObject {
  const plain = plainJsonSchema();
  const root = allowVariables(plain);
  const properties = objectAt(root, "properties");
  const environments = objectAt(properties, "environments");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:apimgw:gateway-spec:1",
    ...without(root, ["$schema"]),
    properties: {
      ...properties,
      // The version is never a variable: it says how to read the rest.
      apimgw: objectAt(objectAt(plain, "properties"), "apimgw"),
      environments: { ...environments, additionalProperties: overlaySchema(root) },
    },
  };
}

/** The schema as zod describes it, before it is widened for editors. */
export function plainJsonSchema(): JsonObject {
  const schema: unknown = z.toJSONSchema(gatewaySchema, { target: "draft-7", unrepresentable: "throw" });
  const json: unknown = JSON.parse(JSON.stringify(schema));
  if (!isJsonObject(json)) throw new Error("zod gave no JSON Schema");
  return json;
}

const variableString: JsonObject = {
  type: "string",
  pattern: "\\$\\{[A-Za-z_]",
  description: "A variable: ${NAME} or ${NAME:-default}.",
};

function allowVariables(schema: JsonObject): JsonObject {
  if (Array.isArray(schema["anyOf"])) {
    const branches = schema["anyOf"].filter(isJsonObject);
    const isFree = branches.some(isFreeText);
    const widened = branches.map((branch) => (isContainer(branch) ? allowVariables(branch) : branch));
    return { ...schema, anyOf: isFree ? widened : [...widened, variableString] };
  }
  if (isContainer(schema)) return mapChildren(schema, allowVariables);
  if (schema["type"] === undefined || isFreeText(schema)) return schema;
  const { description, title, ...rest } = schema;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    anyOf: [rest, variableString],
  };
}

/** A string that may hold anything, so a variable, too. */
function isFreeText(schema: JsonObject): boolean {
  const limits = ["pattern", "format", "enum", "const"];
  return schema["type"] === "string" && limits.every((limit) => schema[limit] === undefined);
}

function isContainer(schema: JsonObject): boolean {
  return schema["type"] === "object" || schema["type"] === "array";
}

/** A new schema with every schema of an entry or an item replaced; the rules for keys (`propertyNames`) stay. */
function mapChildren(schema: JsonObject, replace: (child: JsonObject) => JsonObject): JsonObject {
  const changed: Record<string, Json> = {};
  for (const key of ["items", "additionalProperties"]) {
    const child = schema[key];
    if (isJsonObject(child)) changed[key] = replace(child);
  }
  const properties = schema["properties"];
  if (isJsonObject(properties)) changed["properties"] = mapValues(properties, replace);
  return { ...schema, ...changed };
}

function mapValues(schemas: JsonObject, replace: (child: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([key, child]) => [key, isJsonObject(child) ? replace(child) : child]),
  );
}

/** What may be merged over the base: nothing is required, and null removes. */
function overlaySchema(root: JsonObject): JsonObject {
  const properties = without(objectAt(root, "properties"), ["apimgw", "name", "environments"]);
  return {
    type: "object",
    description: "What differs in this environment.",
    properties: mapValues(properties, removable),
    additionalProperties: false,
  };
}

function removable(schema: JsonObject): JsonObject {
  const { description, ...rest } = partial(schema);
  const branches = Array.isArray(rest["anyOf"]) ? rest["anyOf"].filter(isJsonObject) : [rest];
  return { ...(description === undefined ? {} : { description }), anyOf: [...branches, { type: "null" }] };
}

/** Items of lists stay whole: lists are replaced, not merged. */
function partial(schema: JsonObject): JsonObject {
  if (schema["not"] !== undefined) return schema;
  if (Array.isArray(schema["anyOf"])) {
    return { ...schema, anyOf: schema["anyOf"].filter(isJsonObject).map((branch) => partial(branch)) };
  }
  if (schema["type"] !== "object") return schema;
  const optional = without(schema, ["required"]);
  return mapChildren(optional, removable);
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  const value = schema[key];
  if (!isJsonObject(value)) throw new Error(`the JSON Schema has no object ${key}`);
  return value;
}

function without(schema: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}
