/** Holds what is sent to ARM against the swagger: path, method, parameters, headers, body. */
import { isJsonObject } from "../../../src/core/json.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { asStable } from "./newer-versions.ts";
import { otherProviderFaults } from "./other-providers.ts";
import type { SentRequest } from "./record-requests.ts";
import { loadContract } from "./swagger.ts";
import type { Contract, SwaggerOperation } from "./swagger.ts";
import { workspaceRequest } from "./workspaces.ts";

/** Conditions and the like: a header of this kind that an operation does not list does nothing, or worse. */
const conditionHeaders = ["if-match", "if-modified-since", "if-unmodified-since", "if-range"];

/**
 * What is wrong with a request, in sentences; nothing when the swagger is not at hand. `If-None-Match: *` passes everywhere:
 * the swagger lists it nowhere, and creating nothing but what is new asks for it.
 */
export function requestFaults(sent: SentRequest): string[] {
  const elsewhere = otherProviderFaults(sent);
  if (elsewhere !== undefined) return elsewhere;
  const inWorkspace = workspaceRequest(sent);
  if (inWorkspace !== undefined && "faults" in inWorkspace) return [...inWorkspace.faults];
  const { request, faults } = asStable(inWorkspace?.request ?? sent);
  const { method } = request;
  const url = new URL(request.path, "http://arm.invalid");
  // What a Location is polled for is not in the swagger.
  if (url.searchParams.has("asyncId")) return [];
  const contract = loadContract();
  if (contract === undefined) return [];
  const name = `${method} ${url.pathname}`;
  const template = contract.templates.find(({ pattern }) => pattern.test(url.pathname));
  if (template === undefined) return [`${name}: the swagger has no such path`];
  const operation = template.operations[method.toLowerCase()];
  if (operation === undefined) return [`${name}: the swagger has no such method`];
  const segments = template.pattern.exec(url.pathname)?.slice(1) ?? [];
  const inPath = template.names.map(
    (parameter, index) => [parameter, decodeURIComponent(segments[index] ?? "")] as const,
  );
  return [
    ...valueFaults(contract, operation, "path", inPath),
    ...valueFaults(contract, operation, "query", [...url.searchParams]),
    ...headerFaults(contract, operation, request),
    ...bodyFaults(contract, operation, request),
    ...faults,
  ].map((fault) => `${name}: ${fault}`);
}

/** Names in the path and the query: known, there where required, and of the values that are allowed. */
function valueFaults(
  contract: Contract,
  operation: SwaggerOperation,
  place: "path" | "query" | "header",
  given: readonly (readonly [string, string])[],
): string[] {
  const known = parametersIn(operation, place);
  const missing = known.filter(
    (parameter) => parameter["required"] === true && !given.some(([name]) => isNamed(parameter, name)),
  );
  return [
    ...missing.map((parameter) => `${place} parameter ${nameOf(parameter)} is missing`),
    ...given.flatMap(([name, value]) => {
      const parameter = known.find((each) => isNamed(each, name));
      if (parameter === undefined) return [`there is no ${place} parameter ${name}`];
      return contract
        .validate(schemaOf(parameter), typed(parameter, value))
        .map((fault) => `${place} parameter ${name}${fault}`);
    }),
  ];
}

function headerFaults(contract: Contract, operation: SwaggerOperation, { headers }: SentRequest): string[] {
  const isListed = (name: string): boolean =>
    parametersIn(operation, "header").some((parameter) => isNamed(parameter, name));
  const given = Object.entries(headers).filter(
    ([name, value]) =>
      isListed(name) ||
      name.toLowerCase() === "if-match" ||
      (conditionHeaders.includes(name.toLowerCase()) && value !== "*"),
  );
  const other = Object.entries(headers).find(([name]) => name.toLowerCase() === "if-none-match")?.[1] ?? "*";
  const faults = valueFaults(contract, operation, "header", given);
  return other === "*" ? faults : [...faults, `If-None-Match is ${other}`];
}

function bodyFaults(
  contract: Contract,
  operation: SwaggerOperation,
  { body, headers }: SentRequest,
): string[] {
  const [parameter] = parametersIn(operation, "body");
  if (body === "") return parameter?.["required"] === true ? ["the body is missing"] : [];
  if (parameter === undefined) return ["has a body where none is documented"];
  const type = headers["content-type"] ?? "";
  if (!/^application\/json\b/i.test(type)) return [`the body is of type ${type}`];
  const schema = parameter["schema"];
  return isJsonObject(schema)
    ? contract.validate(schema, JSON.parse(body)).map((fault) => `body ${fault}`)
    : [];
}

function parametersIn({ parameters = [] }: SwaggerOperation, place: string): readonly JsonObject[] {
  return parameters.filter((parameter) => parameter["in"] === place);
}

function nameOf(parameter: JsonObject): string {
  return typeof parameter["name"] === "string" ? parameter["name"] : "";
}

function isNamed(parameter: JsonObject, name: string): boolean {
  return nameOf(parameter).toLowerCase() === name.toLowerCase();
}

/** The parameter's own words of JSON Schema. */
function schemaOf(parameter: JsonObject): JsonObject {
  const words = ["type", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum"];
  return Object.fromEntries(
    words.flatMap((word): [string, Json][] => {
      const value = parameter[word];
      return value === undefined ? [] : [[word, value]];
    }),
  );
}

function typed(parameter: JsonObject, value: string): unknown {
  if (parameter["type"] === "integer") return /^\d+$/.test(value) ? Number(value) : value;
  if (parameter["type"] === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value;
}
