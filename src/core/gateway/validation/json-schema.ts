/**
 * JSON against the schemas of an OpenAPI document. @cfworker/json-schema interprets them: a validator that compiles schemas to
 * functions would run code made from somebody's document. Faults are worded as Newtonsoft's, which the service shows.
 */
import { Validator } from "@cfworker/json-schema";
import type { OutputUnit } from "@cfworker/json-schema";
import { isJsonObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import { NotSupported } from "../policy-error.ts";

export type SchemaFault = {
  readonly message: string;
  /** JSON pointer of the value, "" for the whole. */
  readonly at: string;
};

export type SchemaCheck = (value: Json) => readonly SchemaFault[];

export type SchemaOptions = {
  readonly version: "2.0" | "3.0" | "3.1";
  /** Overrides what the schema says about members that it does not name. */
  readonly additionalProperties?: boolean;
  readonly ignoresCase?: boolean;
};

/** A schema refers to something that is not in the document. */
export class MissingDefinition extends Error {
  override readonly name = "MissingDefinition";
  readonly definition: string;

  constructor(definition: string) {
    super(`there is no definition ${definition}`);
    this.definition = definition;
  }
}

/** Throws MissingDefinition. The check throws NotSupported for what cannot be decided here. */
export function schemaCheck(schema: Json, root: JsonObject, options: SchemaOptions): SchemaCheck {
  const made = new Converter(root, options).convertWhole(schema);
  const validator = new Validator(made, options.version === "3.1" ? "2020-12" : "7", false);
  const comparesItems = JSON.stringify(made).includes('"uniqueItems":true');
  return (value) =>
    deciding(() => {
      const given = options.ignoresCase === true ? lowerCased(value) : value;
      if (comparesItems && hasLongList(given)) {
        throw new NotSupported(`lists of more than ${longestCompared} items are not searched for equal ones`);
      }
      const { valid, errors } = validator.validate(given);
      return valid ? [] : faultsOf(errors, made, given);
    });
}

function deciding<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new NotSupported(`a pattern of the OpenAPI document cannot be read: ${error.message}`);
    }
    if (error instanceof RangeError) throw new NotSupported("the value is nested too deeply to be validated");
    throw error;
  }
}

/** Comparing every item with every other takes too long beyond that. */
const longestCompared = 1_000;

function hasLongList(value: Json): boolean {
  if (Array.isArray(value))
    return value.length > longestCompared || value.some((item: Json) => hasLongList(item));
  return (
    isJsonObject(value) && Object.values(value).some((member) => member !== undefined && hasLongList(member))
  );
}

const plainKeywords = [
  ...["type", "enum", "const", "multipleOf", "maximum", "minimum", "maxLength", "minLength", "pattern"],
  ...["maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties"],
  ...["format"],
];
const schemaKeywords = [
  "items",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "unevaluatedItems",
];
const listKeywords = ["allOf", "anyOf", "oneOf", "prefixItems"];
const mapKeywords = ["properties", "patternProperties", "dependentSchemas"];

/** OpenAPI's schemas as JSON Schema: only keywords that say something about values, and references among `$defs`. */
class Converter {
  readonly #root: JsonObject;
  readonly #options: SchemaOptions;
  readonly #names = new Map<string, string>();
  readonly #pending: { readonly reference: string; readonly name: string }[] = [];

  constructor(root: JsonObject, options: SchemaOptions) {
    this.#root = root;
    this.#options = options;
  }

  convertWhole(schema: Json): JsonObject {
    const converted = this.#convert(schema);
    const definitions: Record<string, Json> = {};
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      definitions[next.name] = this.#convert(this.#resolve(next.reference));
    }
    return { allOf: [converted], $defs: definitions };
  }

  #convert(schema: Json | undefined): Json {
    if (typeof schema === "boolean") return schema;
    if (!isJsonObject(schema)) return true;
    const { $ref: reference } = schema;
    if (typeof reference === "string") {
      const pointed = { $ref: `#/$defs/${this.#nameOf(reference)}` };
      if (this.#options.version !== "3.1") return pointed;
      return { ...this.#members(schema), ...pointed };
    }
    return this.#nullable(schema, this.#members(schema));
  }

  #members(schema: JsonObject): JsonObject {
    const made: Record<string, Json> = {};
    const take = (name: string, convert: (value: Json) => Json): void => {
      const value = schema[name];
      if (value !== undefined) made[name] = convert(value);
    };
    for (const name of plainKeywords) take(name, (value) => value);
    for (const name of schemaKeywords)
      take(name, (value) =>
        Array.isArray(value) ? value.map((item: Json) => this.#convert(item)) : this.#convert(value),
      );
    for (const name of listKeywords)
      take(name, (value) => (Array.isArray(value) ? value.map((item: Json) => this.#convert(item)) : []));
    for (const name of mapKeywords) take(name, (value) => this.#map(value, name === "properties"));
    take("required", (value) => (Array.isArray(value) ? value.map((name: Json) => this.#cased(name)) : []));
    take("dependentRequired", (value) => value);
    this.#exclusive(schema, made, "Maximum");
    this.#exclusive(schema, made, "Minimum");
    this.#additional(schema, made);
    return made;
  }

  #map(value: Json, isNames: boolean): Json {
    if (!isJsonObject(value)) return {};
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [
        isNames ? this.#cased(name) : name,
        this.#convert(schema),
      ]),
    );
  }

  #cased<T extends Json>(name: T): T | string {
    return this.#options.ignoresCase === true && typeof name === "string" ? name.toLowerCase() : name;
  }

  /** Up to OpenAPI 3.0 `exclusiveMaximum` is a flag beside `maximum`. */
  #exclusive(schema: JsonObject, made: Record<string, Json>, which: "Maximum" | "Minimum"): void {
    const exclusive = schema[`exclusive${which}`];
    const plain = which.toLowerCase();
    const limit = schema[plain];
    if (typeof exclusive === "number") made[`exclusive${which}`] = exclusive;
    if (exclusive !== true || typeof limit !== "number") return;
    made[`exclusive${which}`] = limit;
    Reflect.deleteProperty(made, plain);
  }

  #additional(schema: JsonObject, made: Record<string, Json>): void {
    const { additionalProperties: override } = this.#options;
    const { additionalProperties, unevaluatedProperties } = schema;
    if (override === true) return;
    if (override === false) {
      if (schema["properties"] !== undefined || schema["type"] === "object")
        made["additionalProperties"] = false;
      return;
    }
    if (additionalProperties !== undefined)
      made["additionalProperties"] = this.#convert(additionalProperties);
    if (unevaluatedProperties !== undefined)
      made["unevaluatedProperties"] = this.#convert(unevaluatedProperties);
  }

  #nullable(schema: JsonObject, made: JsonObject): Json {
    const isNullable = schema["nullable"] === true || schema["x-nullable"] === true;
    if (!isNullable || this.#options.version === "3.1") return made;
    return { anyOf: [{ type: "null" }, made] };
  }

  #nameOf(reference: string): string {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    this.#resolve(reference);
    const name = `d${this.#names.size}`;
    this.#names.set(reference, name);
    this.#pending.push({ reference, name });
    return name;
  }

  #resolve(reference: string): Json {
    const found = reference.startsWith("#") ? atPointer(this.#root, reference.slice(1)) : undefined;
    if (found === undefined) throw new MissingDefinition(reference.replace(/^.*\//, ""));
    return found;
  }
}

/** The value at a JSON pointer; undefined when there is none. */
export function atPointer(root: Json, pointer: string): Json | undefined {
  let value: Json | undefined = root;
  for (const part of pointer.split("/").slice(1)) value = memberOf(value, unescapePointer(part));
  return value;
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  const items: readonly Json[] | undefined = Array.isArray(value) ? value : undefined;
  if (items !== undefined) return items[Number(key)];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function unescapePointer(part: string): string {
  return decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function lowerCased(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => lowerCased(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), lowerCased(member ?? null)]),
  );
}

/** Keywords that only hold others: their own error says that there was one below. */
const holders = new Set([
  ...["$ref", "properties", "patternProperties", "items", "prefixItems", "allOf", "dependentSchemas", "if"],
  ...["then", "else", "contains"],
]);
const choices = new Set(["anyOf", "oneOf", "not"]);

/** More faults of one value are not told: each takes a look at the whole text for its place. */
const mostFaults = 50;

function faultsOf(errors: readonly OutputUnit[], schema: JsonObject, value: Json): SchemaFault[] {
  const choiceErrors = errors.filter(({ keyword }) => choices.has(keyword));
  const chosen = new Set(choiceErrors.map(({ keywordLocation }) => keywordLocation));
  const isInside = (location: string): boolean => {
    for (const outer of chosen) if (location.startsWith(`${outer}/`)) return true;
    return false;
  };
  const own = errors.filter(
    ({ keyword, keywordLocation }) =>
      !holders.has(keyword) && keyword !== "false" && !isInside(keywordLocation),
  );
  const faults = own.slice(0, mostFaults).map((unit) => ({ unit, ...faultOf(unit, schema, value) }));
  return withMissingTogether(faults);
}

type Told = SchemaFault & { readonly unit: OutputUnit };

/** All members that one object lacks are one fault, as Newtonsoft has it. */
function withMissingTogether(faults: readonly Told[]): SchemaFault[] {
  const missing = Map.groupBy(
    faults.filter(({ unit }) => unit.keyword === "required"),
    ({ at }) => at,
  );
  const told = new Set<string>();
  return faults.flatMap(({ unit, at, message }) => {
    if (unit.keyword !== "required") return [{ at, message }];
    if (told.has(at)) return [];
    told.add(at);
    const names = (missing.get(at) ?? []).map((fault) => fault.message);
    return [{ at, message: `Required properties are missing from object: ${names.join(", ")}.` }];
  });
}

function faultOf(
  { keyword, keywordLocation, instanceLocation, error }: OutputUnit,
  schema: JsonObject,
  whole: Json,
): SchemaFault {
  const at = instanceLocation.replace(/^#/, "");
  const value = atPointer(whole, at) ?? null;
  const wanted = keywordValue(schema, keywordLocation);
  if (keyword === "required") return { at, message: /property "([^]*?)"\.?$/.exec(error)?.[1] ?? "" };
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const name = /^Property "([^]*)" does not match/.exec(error)?.[1] ?? "";
    const message = `Property '${name}' has not been defined and the schema does not allow additional properties.`;
    return { at, message };
  }
  return { at, message: messageOf(keyword, wanted, value) ?? error };
}

function messageOf(keyword: string, wanted: Json | undefined, value: Json): string | undefined {
  const limit = typeof wanted === "number" || typeof wanted === "string" ? String(wanted) : "";
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const number = `${Number.isInteger(value) ? "Integer" : "Float"} ${shown}`;
  const count = Array.isArray(value) ? value.length : isJsonObject(value) ? Object.keys(value).length : 0;
  switch (keyword) {
    case "type":
      return `Invalid type. Expected ${typeNames(wanted)} but got ${typeName(value)}.`;
    case "enum":
      return `Value ${JSON.stringify(value)} is not defined in enum.`;
    case "const":
      return `Value ${JSON.stringify(value)} does not match const.`;
    case "minimum":
      return `${number} is less than minimum value of ${limit}.`;
    case "maximum":
      return `${number} exceeds maximum value of ${limit}.`;
    case "exclusiveMinimum":
      return value === wanted
        ? `${number} equals minimum value of ${limit} and exclusive minimum is true.`
        : `${number} is less than minimum value of ${limit}.`;
    case "exclusiveMaximum":
      return value === wanted
        ? `${number} equals maximum value of ${limit} and exclusive maximum is true.`
        : `${number} exceeds maximum value of ${limit}.`;
    case "multipleOf":
      return `${number} is not a multiple of ${limit}.`;
    case "minLength":
      return `String '${shown}' is less than minimum length of ${limit}.`;
    case "maxLength":
      return `String '${shown}' exceeds maximum length of ${limit}.`;
    case "pattern":
      return `String '${shown}' does not match regex pattern '${limit}'.`;
    case "format":
      return `String '${shown}' does not validate against format '${limit}'.`;
    case "minItems":
      return `Array item count ${count} is less than minimum count of ${limit}.`;
    case "maxItems":
      return `Array item count ${count} exceeds maximum count of ${limit}.`;
    case "uniqueItems":
      return "Non-unique array item.";
    case "minProperties":
      return `Object property count ${count} is less than minimum count of ${limit}.`;
    case "maxProperties":
      return `Object property count ${count} exceeds maximum count of ${limit}.`;
    case "anyOf":
      return "JSON does not match any schemas from 'anyOf'.";
    case "oneOf":
      return "JSON is valid against no schemas, or more than one, from 'oneOf'.";
    case "not":
      return "JSON is valid against schema from 'not'.";
    default:
      return undefined;
  }
}

/** The keyword's value in the schema: on the way `$ref` leads to a definition. */
function keywordValue(schema: JsonObject, location: string): Json | undefined {
  let at: Json | undefined = schema;
  for (const part of location.split("/").slice(1)) {
    const key = unescapePointer(part);
    at = memberOf(at, key);
    if (key === "$ref" && typeof at === "string") at = atPointer(schema, at.slice(1));
  }
  return at;
}

function typeNames(wanted: Json | undefined): string {
  const names = Array.isArray(wanted) ? wanted : [wanted];
  return names
    .map((name) => (typeof name === "string" ? name.charAt(0).toUpperCase() + name.slice(1) : ""))
    .join(", ");
}

function typeName(value: Json): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Number";
  return typeof value === "object" ? "Object" : typeof value === "string" ? "String" : "Boolean";
}
