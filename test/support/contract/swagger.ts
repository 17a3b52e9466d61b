/** The service's swagger of api-version 2024-05-01, where it lies beside the checkout: what may be sent, and what comes back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { JsonObject } from "../../../src/core/json.ts";
import { sharedFolder } from "../shared-data.ts";

type SwaggerResponse = { readonly schema?: JsonObject; readonly headers?: JsonObject };
export type SwaggerOperation = {
  readonly responses: Readonly<Record<string, SwaggerResponse>>;
  readonly parameters?: readonly JsonObject[];
};
type Swagger = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;
  readonly definitions: JsonObject;
};

type Template = {
  /** With a group for each `{name}`. */
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** By method in lower case. */
  readonly operations: Readonly<Record<string, SwaggerOperation>>;
};

export type Contract = {
  readonly templates: readonly Template[];
  /** What is wrong with a value by a schema; a schema may refer to the swagger's definitions. */
  readonly validate: (schema: JsonObject, value: unknown) => string[];
};

let loaded: { readonly contract: Contract | undefined } | undefined;

/** Loads it once; undefined, with the reason printed, when it is not there. */
export function loadContract(): Contract | undefined {
  loaded ??= { contract: readContract() };
  return loaded.contract;
}

function readContract(): Contract | undefined {
  const folder = sharedFolder("arm-spec");
  if (folder === undefined) return undefined;
  const text = readFileSync(join(folder, "apim-2024-05-01.swagger.json"), "utf8");
  const swagger = JSON.parse(text) as Swagger;
  const ajv = new Ajv.default({ strict: false, unicodeRegExp: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "swagger", definitions: swagger.definitions });
  const compiled = new Map<string, ValidateFunction>();
  return {
    templates: Object.entries(swagger.paths).map(([path, operations]) => ({
      ...pathPattern(path),
      operations,
    })),
    validate: (schema, value) => {
      const key = JSON.stringify(schema);
      const check = compiled.get(key) ?? ajv.compile(absolute(schema));
      compiled.set(key, check);
      if (check(value)) return [];
      return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
    },
  };
}

/** References inside the document, from outside of it. */
function absolute(schema: JsonObject): JsonObject {
  return typeof schema["$ref"] === "string" ? { $ref: `swagger${schema["$ref"]}` } : schema;
}

function pathPattern(path: string): { pattern: RegExp; names: string[] } {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
  const source = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{[^}]+\}/g, "([^/]+)");
  return { pattern: new RegExp(`^${source}$`, "i"), names };
}
