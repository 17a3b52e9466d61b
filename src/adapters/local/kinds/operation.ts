import type { JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { fieldError } from "../errors.ts";
import { keyOf, parentOf } from "../stored.ts";
import type { Check } from "../validate.ts";
import { accept, boolean, fields, integer, isList, list, text, textOf } from "../validate.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { idRule, respondAsStored } from "./kind.ts";

export const operationKind: ResourceKind = {
  collection: "apis/*/operations",
  title: "Operation",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("operationId", 80, /^[^*#&+:<>?/]+$/),
  accept: acceptOperation,
  respond: respondAsStored,
};

const parameter = fields(
  {
    name: text({ min: 1 }),
    type: text({ min: 1 }),
    required: boolean,
    description: text(),
    values: list(text()),
  },
  ["name", "type"],
);
const representation = fields({ contentType: text({ min: 1 }), formParameters: list(parameter) }, [
  "contentType",
]);

const checks: Check = fields(
  {
    displayName: text({ min: 1, max: 300 }),
    method: text({ min: 1 }),
    urlTemplate: text({ min: 1, max: 1000 }),
    description: text({ max: 1000 }),
    templateParameters: list(parameter),
    request: fields({
      description: text(),
      queryParameters: list(parameter),
      headers: list(parameter),
      representations: list(representation),
    }),
    responses: list(
      fields(
        {
          statusCode: integer(100, 599),
          description: text(),
          headers: list(parameter),
          representations: list(representation),
        },
        ["statusCode"],
      ),
    ),
  },
  ["displayName", "method", "urlTemplate"],
);

function acceptOperation({ service, path, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const method = textOf(given["method"]) ?? "";
  const template = textOf(given["urlTemplate"]) ?? "";
  const twin = service.list(parentOf(path)).find((other) => {
    const { method: otherMethod, urlTemplate } = other.properties;
    return keyOf(other.path) !== keyOf(path) && otherMethod === method && urlTemplate === template;
  });
  if (twin !== undefined)
    throw fieldError("urlTemplate", "Operation with the same method and URL template already exists");
  checkTemplateParameters(given, template);
  return { properties: operationProperties(given) };
}

/** Every `{name}` of the template must be declared. */
function checkTemplateParameters(given: JsonObject, template: string): void {
  const parameters = isList(given["templateParameters"])
    ? given["templateParameters"].filter(isJsonObject)
    : [];
  const missing = templateNames(template).filter(
    (name) => !parameters.some((parameter) => parameter["name"] === name),
  );
  if (missing.length === 0) return;
  const message = "All template parameters used in the UriTemplate must be defined in the Operation";
  throw fieldError("templateParameters", `${message}; missing: ${missing.join(", ")}.`);
}

/** Names in the braces of a URL template; `{*rest}` is `rest`. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(/\{\*?([^{}]+)\}/g)].flatMap((match) => match[1] ?? []);
}

/** An operation as it is kept. */
export function operationProperties(given: JsonObject): JsonObject {
  return {
    displayName: given["displayName"] ?? null,
    method: given["method"] ?? null,
    urlTemplate: given["urlTemplate"] ?? null,
    templateParameters: given["templateParameters"] ?? [],
    description: given["description"] ?? null,
    ...(given["request"] === undefined ? {} : { request: given["request"] }),
    responses: given["responses"] ?? [],
    policies: null,
  };
}
