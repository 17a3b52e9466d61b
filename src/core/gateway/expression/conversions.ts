/** Casts, conversions without a cast, and defaults. */
import { parseText } from "./convert.ts";
import { NotSimulated, argumentNull, invalidCast, invalidOperation, nullReference } from "./errors.ts";
import { castToken, hasTokenConversion, plainToken } from "./json/json-convert.ts";
import { JScalarValue, isJToken } from "./json/json-values.ts";
import { convertNumber, isNumeric, isNumberType } from "./numbers.ts";
import { fullTypeName, isInstance, typeNameOf } from "./type-names.ts";
import { isValueType, printType } from "./type-ref.ts";
import type { TypeRef } from "./type-ref.ts";
import {
  CharValue,
  DateTimeOffsetValue,
  DateTimeValue,
  EnumValue,
  GuidValue,
  TimeSpanValue,
  UriValue,
} from "./values.ts";
import type { Value } from "./values.ts";
import { XAttributeValue, XElementValue, XNameValue, XNamespaceValue } from "./xml/xml-values.ts";

/** What C# knows of the value that is cast: only that it is an object, that it may lack its value, or something else. */
export type CastSource = "object" | "nullable" | "other";

/**
 * `(type)value`. Of what the code knows only as `object` the type must be the value's own, and conversions that types define
 * are not looked for.
 */
export function castValue(value: Value, type: TypeRef, from: CastSource, isChecked: boolean): Value {
  if (type.name === "object" && type.rank === 0) return value;
  if (value === null) return castNull(type, from);
  if (isInstance(value, type)) return value;
  if (from === "object") return unbox(value, type);
  const converted = convertDefined(value, type, isChecked);
  return converted === undefined ? refuseCast(value, type) : converted;
}

function castNull(type: TypeRef, from: CastSource): Value {
  if (!isValueType(type)) return null;
  if (from === "object") throw nullReference();
  // The conversions of tokens complain about the argument that they are given.
  throw from === "nullable" ? invalidOperation("Nullable object must have a value.") : argumentNull("value");
}

/** An enumeration unboxes to the number behind it; everything else only to its own type. */
function unbox(value: Exclude<Value, null>, type: TypeRef): Value {
  if (value instanceof EnumValue && type.name === "int") return value.value;
  if (isValueType(type) || type.isNullable) throw invalidCast();
  return refuseCast(value, type);
}

function refuseCast(value: Exclude<Value, null>, type: TypeRef): never {
  const to = fullTypeName(printType({ ...type, isNullable: false }));
  throw invalidCast(`Unable to cast object of type '${fullTypeName(typeNameOf(value))}' to type '${to}'.`);
}

/** Conversions between types that C# or the types themselves define; undefined where there is none. */
function convertDefined(value: Exclude<Value, null>, type: TypeRef, isChecked: boolean): Value | undefined {
  if (isJToken(value)) return hasTokenConversion(type) ? castToken(value, type) : undefined;
  if (isNumeric(value) || value instanceof EnumValue) {
    const number = value instanceof EnumValue ? value.value : value;
    if (type.rank === 0 && (isNumberType(type.name) || type.name === "char"))
      return convertNumber(number, type.name, isChecked);
  }
  if (value instanceof XElementValue || value instanceof XAttributeValue) return castXml(value.value, type);
  return convertImplicitly(value, type);
}

function castXml(text: string, type: TypeRef): Value | undefined {
  if (type.name === "string") return text;
  return isNumberType(type.name) || isValueType({ ...type, isNullable: false })
    ? parseText(type.name, text)
    : undefined;
}

/** Conversions that need no cast: texts and plain values to tokens, names of XML, dates. */
function convertImplicitly(value: Exclude<Value, null>, type: TypeRef): Value | undefined {
  switch (type.name) {
    case "JToken":
    case "JValue":
      return isPlain(value) ? plainToken(value) : undefined;
    case "XName":
      return typeof value === "string" ? XNameValue.from(value) : undefined;
    case "XNamespace":
      return typeof value === "string" ? new XNamespaceValue(value) : undefined;
    case "DateTimeOffset":
      return value instanceof DateTimeValue ? new DateTimeOffsetValue(value.ticks, 0) : undefined;
    default:
      return undefined;
  }
}

function isPlain(value: Exclude<Value, null>): boolean {
  return (
    typeof value !== "object" ||
    value instanceof Uint8Array ||
    value instanceof DateTimeValue ||
    value instanceof DateTimeOffsetValue ||
    value instanceof GuidValue ||
    value instanceof TimeSpanValue ||
    value instanceof UriValue ||
    isNumeric(value)
  );
}

const wider: Readonly<Record<string, readonly string[]>> = {
  byte: ["short", "ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"],
  sbyte: ["short", "int", "long", "float", "double", "decimal"],
  short: ["int", "long", "float", "double", "decimal"],
  ushort: ["int", "uint", "long", "ulong", "float", "double", "decimal"],
  char: ["ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"],
  // A literal that fits also goes into the smaller types: which ints are literals is not known here.
  int: ["long", "float", "double", "decimal", "byte", "sbyte", "short", "ushort", "uint", "ulong"],
  uint: ["long", "ulong", "float", "double", "decimal"],
  long: ["float", "double", "decimal"],
  ulong: ["float", "double", "decimal"],
  float: ["double"],
};

/** A value on its way into a variable or parameter of the type. What C# would not take there is refused. */
export function assignValue(value: Value, type: TypeRef): Value {
  if (type.name === "var" || (type.name === "object" && type.rank === 0)) return value;
  if (value === null) {
    if (isValueType(type)) throw new NotSimulated(`null does not convert to ${printType(type)}.`);
    return null;
  }
  if (typeof value === "number" && type.name === "int") return value;
  if (typeof value === "string" && type.name === "string") return value;
  if (isInstance(value, type)) return value;
  if (isNumeric(value) && type.rank === 0) {
    const own = value instanceof CharValue ? "char" : typeNameOf(value);
    if (wider[own]?.includes(type.name) === true) return convertNumber(value, type.name);
  }
  return convertImplicitly(value, type) ?? otherwiseAssigned(value, type);
}

/** Types that are not followed are taken as they come; of plain ones it is certain that C# refuses them. */
function otherwiseAssigned(value: Exclude<Value, null>, type: TypeRef): Value {
  const isPlain = type.rank === 0 && (type.name === "string" || isValueType(type));
  if (!isPlain) return value;
  const own = value instanceof JScalarValue ? "JToken" : typeNameOf(value);
  throw new NotSimulated(`${own} does not convert to ${printType(type)} without a cast.`);
}

/** `default(T)`. */
export function defaultOf(type: TypeRef): Value {
  if (!isValueType(type)) return null;
  if (isNumberType(type.name) || type.name === "char") return convertNumber(0, type.name);
  switch (type.name) {
    case "bool":
      return false;
    case "DateTime":
      return new DateTimeValue(0n, "Unspecified");
    case "DateTimeOffset":
      return new DateTimeOffsetValue(0n, 0);
    case "TimeSpan":
      return new TimeSpanValue(0n);
    case "Guid":
      return new GuidValue("00000000-0000-0000-0000-000000000000");
    default:
      throw new NotSimulated(`default(${printType(type)}) is not simulated.`);
  }
}
