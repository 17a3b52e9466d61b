/** Holds resources against the types that Bicep has for api-version 2024-05-01, where they lie beside the checkout. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "../../../src/core/json.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { sharedFolder } from "../shared-data.ts";

type TypeReference = { readonly $ref: string };
type Property = { readonly type: TypeReference; readonly flags: number };
type BicepType = {
  readonly $type: string;
  readonly name?: string;
  readonly body?: TypeReference;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: TypeReference;
  readonly itemType?: TypeReference;
  readonly elements?: readonly TypeReference[];
  readonly value?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
};

const required = 1;
const readOnly = 2;

export type BicepTypes = { readonly faultsOf: (type: string, resource: JsonObject) => string[] };

/** Undefined, with the reason printed, when the types are not there. */
export function loadBicepTypes(): BicepTypes | undefined {
  const folder = sharedFolder("arm-spec");
  if (folder === undefined) return undefined;
  const text = readFileSync(join(folder, "bicep-types-2024-05-01.json"), "utf8");
  const types = JSON.parse(text) as readonly BicepType[];
  const byName = new Map(types.flatMap((type) => (type.$type === "ResourceType" ? [[type.name, type]] : [])));
  return {
    faultsOf: (name, resource) => {
      const body = byName.get(`${name}@2024-05-01`)?.body;
      return body === undefined ? [`there is no type ${name}`] : faults(types, body, resource, name);
    },
  };
}

function faults(types: readonly BicepType[], reference: TypeReference, value: Json, at: string): string[] {
  const type = types[Number(reference.$ref.slice(2))];
  switch (type?.$type) {
    case "ObjectType":
      return isJsonObject(value) ? objectFaults(types, type, value, at) : [`${at}: an object expected`];
    case "ArrayType": {
      const { itemType } = type;
      if (!isList(value) || itemType === undefined) return [`${at}: a list expected`];
      return value.flatMap((item, index) => faults(types, itemType, item, `${at}[${index}]`));
    }
    case "UnionType": {
      const all = (type.elements ?? []).map((element) => faults(types, element, value, at));
      return all.some((each) => each.length === 0) ? [] : (all[0] ?? [`${at}: nothing fits`]);
    }
    case "StringLiteralType":
      return value === type.value ? [] : [`${at}: '${type.value ?? ""}' expected`];
    case "StringType":
      return stringFaults(type, value, at);
    case "IntegerType": {
      const { minValue = -Infinity, maxValue = Infinity } = type;
      const fits = typeof value === "number" && value >= minValue && value <= maxValue;
      return fits ? [] : [`${at}: a number from ${minValue} to ${maxValue} expected`];
    }
    case "BooleanType":
      return typeof value === "boolean" ? [] : [`${at}: true or false expected`];
    case "AnyType":
      return [];
    case undefined:
    default:
      return [`${at}: ${String(type?.$type)} is not known here`];
  }
}

function objectFaults(types: readonly BicepType[], type: BicepType, value: JsonObject, at: string): string[] {
  const { properties = {}, additionalProperties } = type;
  const missing = Object.entries(properties).filter(
    ([name, { flags }]) => (flags & required) !== 0 && (flags & readOnly) === 0 && value[name] === undefined,
  );
  return [
    ...missing.map(([name]) => `${at}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const property = properties[name];
      if (member === undefined) return [];
      if (property !== undefined && (property.flags & readOnly) !== 0) return [`${at}: ${name} is read-only`];
      const reference = property?.type ?? additionalProperties;
      return reference === undefined
        ? [`${at}: there is no property ${name}`]
        : faults(types, reference, member, `${at}.${name}`);
    }),
  ];
}

function stringFaults(
  { minLength = 0, maxLength = Infinity, pattern }: BicepType,
  value: Json,
  at: string,
): string[] {
  if (typeof value !== "string") return [`${at}: a text expected`];
  const fits = value.length >= minLength && value.length <= maxLength;
  return fits && (pattern === undefined || new RegExp(pattern).test(value))
    ? []
    : [`${at}: '${value}' does not fit`];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
