/**
 * Checks every exchange of the tests against the swagger of api-version 2024-05-01, when it is there: is the path known, is
 * the method, is the status one of the documented ones, do request and answer fit their schemas.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv from "ajv";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { isJsonObject } from "../../../src/core/json.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";

export const sharedFolder = resolve(import.meta.dirname, "../../../../shared");
const swaggerFile = resolve(sharedFolder, "arm-spec/apim-2024-05-01.swagger.json");

export type Exchange = {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly sent: Json | undefined;
  readonly status: number;
  readonly headers: Headers;
  readonly received: Json | undefined;
};

/** Where the local APIM departs from the swagger on purpose, as the live service does unless another reason is given. */
const deviations: readonly { readonly why: string; applies(exchange: Exchange): boolean }[] = [
  {
    why: "imports answer 202 with a Location (neighbours 3.3)",
    applies: ({ method, pathname, status }) =>
      method === "PUT" && /\/apis\/[^/]+$/i.test(pathname) && status === 202,
  },
  {
    why: "what a Location is polled for is not in the swagger",
    applies: ({ query }) => query.has("asyncId"),
  },
  {
    why: "the list of an API's revisions has a contract of its own that is checked by eye",
    applies: ({ pathname }) => /\/revisions$/.test(pathname),
  },
];

/** Members that come back as null where the swagger has only a type; the service does the same for absent values. */
const nullable = new Set([
  ...[
    "title",
    "description",
    "resourceId",
    "serviceUrl",
    "displayName",
    "policies",
    "terms",
    "subscriptionsLimit",
    "approvalRequired",
  ],
  ...[
    "alwaysLog",
    "metrics",
    "frontend",
    "backend",
    "oAuth2",
    "openid",
    "identityClientId",
    "details",
    "minApiVersion",
  ],
]);

type SwaggerResponse = { readonly schema?: JsonObject; readonly headers?: JsonObject };
type SwaggerOperation = {
  readonly responses: Readonly<Record<string, SwaggerResponse>>;
  readonly parameters?: readonly JsonObject[];
};
type Swagger = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;
  readonly definitions: JsonObject;
};
type Template = { readonly pattern: RegExp; readonly operations: Readonly<Record<string, SwaggerOperation>> };
type Contract = {
  readonly templates: readonly Template[];
  readonly schema: (schema: JsonObject) => ValidateFunction;
};

const contract = loadContract();
export const hasContract = contract !== undefined;

/** What is wrong with an exchange, in sentences; nothing when the swagger is not at hand. */
export function contractFaults(exchange: Exchange): string[] {
  if (contract === undefined || deviations.some((deviation) => deviation.applies(exchange))) return [];
  const { method, pathname, status } = exchange;
  const name = `${method} ${pathname} -> ${status}`;
  const template = contract.templates.find(({ pattern }) => pattern.test(pathname));
  if (template === undefined) return status >= 400 ? [] : [`${name}: the swagger has no such path`];
  const operation = template.operations[method.toLowerCase()];
  if (operation === undefined) return status >= 400 ? [] : [`${name}: the swagger has no such method`];
  const documented =
    operation.responses[String(status)] ?? (status >= 400 ? operation.responses["default"] : undefined);
  if (documented === undefined)
    return [`${name}: documented are ${Object.keys(operation.responses).join(", ")}`];
  return [
    ...requestFaults(contract, operation, exchange).map((fault) => `${name}: request ${fault}`),
    ...responseFaults(contract, documented, exchange).map((fault) => `${name}: answer ${fault}`),
  ];
}

/** A body that is accepted must fit; one that is refused need not. */
function requestFaults(
  { schema }: Contract,
  { parameters = [] }: SwaggerOperation,
  { status, sent }: Exchange,
): string[] {
  const body = parameters.find((parameter) => parameter["in"] === "body");
  if (status >= 400 || sent === undefined || !isJsonObject(body?.["schema"])) return [];
  return validate(schema(body["schema"]), withoutNullables(sent));
}

function responseFaults({ schema }: Contract, documented: SwaggerResponse, exchange: Exchange): string[] {
  const { method, headers, received, status } = exchange;
  const needsEtag = documented.headers?.["etag"] !== undefined && status < 300 && status !== 202;
  const faults = needsEtag && headers.get("etag") === null ? ["lacks the ETag header"] : [];
  if (documented.schema === undefined || method === "HEAD") {
    return received === undefined ? faults : [...faults, "has a body where none is documented"];
  }
  return received === undefined
    ? [...faults, "has no body"]
    : [...faults, ...validate(schema(documented.schema), withoutNullables(received))];
}

function validate(check: ValidateFunction, value: unknown): string[] {
  return check(value)
    ? []
    : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

function withoutNullables(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => withoutNullables(item) ?? null);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, member]) => member !== null || !nullable.has(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNullables(member)]));
}

function loadContract(): Contract | undefined {
  if (!existsSync(swaggerFile)) {
    console.warn(`no contract checks: ${swaggerFile} is not there`);
    return undefined;
  }
  const swagger = JSON.parse(readFileSync(swaggerFile, "utf8")) as Swagger;
  const ajv = new Ajv.default({ strict: false, unicodeRegExp: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "swagger", definitions: swagger.definitions });
  const compiled = new Map<string, ValidateFunction>();
  return {
    templates: Object.entries(swagger.paths).map(([path, operations]) => ({
      pattern: pathPattern(path),
      operations,
    })),
    schema: (schema) => {
      const reference = `swagger${typeof schema["$ref"] === "string" ? schema["$ref"] : ""}`;
      const known = compiled.get(reference) ?? ajv.compile({ $ref: reference });
      compiled.set(reference, known);
      return known;
    },
  };
}

function pathPattern(path: string): RegExp {
  const source = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{[^}]+\}/g, "[^/]+");
  return new RegExp(`^${source}$`, "i");
}
