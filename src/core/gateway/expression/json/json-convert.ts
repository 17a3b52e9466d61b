/** Values to tokens and back: casts, `Value<T>`, `ToObject`, `FromObject`. */
import { changeType, convertTo, parseText } from "../convert.ts";
import { keyOf } from "../equality.ts";
import { NotSimulated, argumentNull, exception, invalidCast } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { encodeBase64, decodeBase64 } from "../base64.ts";
import { formatValue } from "../format/format-value.ts";
import { isNumeric, isNumberType, toBigInt } from "../numbers.ts";
import { itemsOf } from "../sequences.ts";
import { fullTypeName, isInstance, typeNameOf } from "../type-names.ts";
import { isValueType, printType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import {
  ArrayValue,
  CharValue,
  DateTimeOffsetValue,
  DateTimeValue,
  DecimalValue,
  DictionaryValue,
  EnumValue,
  FactsValue,
  GuidValue,
  ListValue,
  NumberValue,
  RecordValue,
  TimeSpanValue,
  UlongValue,
  UriValue,
  VariablesValue,
} from "../values.ts";
import type { Value } from "../values.ts";
import { HeaderMap } from "../../message.ts";
import type { JTokenValue } from "./json-values.ts";
import {
  JArrayValue,
  JContainerValue,
  JObjectValue,
  JPropertyValue,
  JScalarValue,
  isJToken,
  jNull,
  tokenType,
} from "./json-values.ts";

/** A plain value as a token; undefined for what is not plain. */
export function scalarToken(value: Value): JScalarValue | undefined {
  if (value === null) return jNull();
  if (typeof value === "string") return new JScalarValue("String", value);
  if (typeof value === "boolean") return new JScalarValue("Boolean", value);
  if (value instanceof CharValue) return new JScalarValue("String", String.fromCharCode(value.code));
  if (value instanceof NumberValue && /float|double/.test(value.kind))
    return new JScalarValue("Float", value);
  if (value instanceof DecimalValue) return new JScalarValue("Float", value);
  if (value instanceof UlongValue) return new JScalarValue("Integer", value);
  if (isNumeric(value)) return new JScalarValue("Integer", toBigInt(value) ?? 0n);
  if (value instanceof EnumValue) return new JScalarValue("Integer", BigInt(value.value));
  if (value instanceof DateTimeValue || value instanceof DateTimeOffsetValue)
    return new JScalarValue("Date", value);
  if (value instanceof GuidValue) return new JScalarValue("Guid", value);
  if (value instanceof TimeSpanValue) return new JScalarValue("TimeSpan", value);
  if (value instanceof UriValue) return new JScalarValue("Uri", value);
  return value instanceof Uint8Array ? new JScalarValue("Bytes", value) : undefined;
}

/** Counts a token that is about to be put elsewhere: it may be copied with all that it holds. */
export function chargeCopy(token: JTokenValue, ev: Evaluation): void {
  ev.allocate(1);
  ev.step();
  if (!(token instanceof JContainerValue)) return;
  for (const child of token.children()) chargeCopy(child, ev);
}

/** What becomes of a value that is put into a token: tokens stay, plain values are wrapped, others are refused by .NET. */
export function contentToken(value: Value, ev: Evaluation): JTokenValue {
  if (!isJToken(value)) return plainToken(value);
  chargeCopy(value, ev);
  return value;
}

/** A token of a plain value; ArgumentException for what is not plain. */
export function plainToken(value: Value): JScalarValue {
  const scalar = scalarToken(value);
  if (scalar !== undefined) return scalar;
  const name = value === null ? "null" : fullTypeName(typeNameOf(value));
  throw exception("ArgumentException", `Could not determine JSON object type for type ${name}.`);
}

/** `JToken.FromObject`, and what `SerializeObject` prints. */
export function tokenOf(value: Value, ev: Evaluation, depth = 0): JTokenValue {
  ev.step();
  if (depth > 60)
    throw exception("Newtonsoft.Json.JsonSerializationException", "Self referencing loop detected.");
  if (isJToken(value)) {
    chargeCopy(value, ev);
    return value.copy();
  }
  const scalar = scalarToken(value);
  if (scalar !== undefined) return scalar;
  const fields = fieldsOf(value);
  if (fields !== undefined) {
    const object = new JObjectValue();
    for (const [name, held] of fields) object.set(name, tokenOf(held, ev, depth + 1));
    return object;
  }
  const items = itemsOf(value);
  if (items === undefined) {
    throw new NotSimulated(`JSON of ${value === null ? "null" : typeNameOf(value)} is not simulated.`);
  }
  const array = new JArrayValue();
  for (const item of items) array.add(tokenOf(item, ev, depth + 1));
  return array;
}

function fieldsOf(value: Value): Iterable<readonly [string, Value]> | undefined {
  if (value instanceof RecordValue) {
    return value.kind === "Tuple" ? [...value.fields] : value.fields;
  }
  if (value instanceof FactsValue) return Object.entries(value.fields);
  if (value instanceof VariablesValue) return value.map;
  if (value instanceof HeaderMap) {
    return value
      .entries()
      .map(({ name, values }): [string, Value] => [name, new ArrayValue([...values], "string")]);
  }
  if (!(value instanceof DictionaryValue)) return undefined;
  return [...value.entries.values()].map(({ key, value: held }): [string, Value] => [
    key === null ? "" : formatValue(key),
    held,
  ]);
}

const scalarNames: Readonly<Record<string, string>> = {
  bool: "Boolean",
  DateTime: "DateTime",
  DateTimeOffset: "DateTimeOffset",
  Guid: "Guid",
  string: "String",
  TimeSpan: "TimeSpan",
  Uri: "Uri",
};

/** Whether a cast from a token to the type is one of Newtonsoft's own conversions. */
export function hasTokenConversion({ name, args, rank }: TypeRef): boolean {
  if (rank > 0) return name === "byte" && rank === 1;
  return args.length === 0 && (isNumberType(name) || name === "char" || Object.hasOwn(scalarNames, name));
}

/** `(int)token` and the like; throws ArgumentException for tokens that do not have such a value. */
export function castToken(token: Value, type: TypeRef): Value {
  const isOptional = !isValueType(type);
  if (token === null) {
    if (isOptional) return null;
    throw argumentNull("value");
  }
  const scalar = token instanceof JPropertyValue ? token.value : token;
  if (!(scalar instanceof JScalarValue)) throw noTokenConversion(token, type);
  if (scalar.type === "Null" || scalar.type === "Undefined") {
    if (isOptional) return null;
    throw noTokenConversion(token, type);
  }
  return castScalar(scalar, type);
}

function noTokenConversion(token: Value, type: TypeRef) {
  const from = isJToken(token) ? tokenType(token) : "Object";
  const to = type.rank > 0 ? "byte array" : fullTypeName(type.name).replace(/^.*\./, "");
  return exception("ArgumentException", `Can not convert ${from} to ${to}.`);
}

function castScalar(scalar: JScalarValue, type: TypeRef): Value {
  const { value } = scalar;
  if (value === null) return null;
  if (type.rank > 0) return castBytes(scalar, type);
  switch (type.name) {
    case "string":
      return value instanceof Uint8Array ? encodeBase64(value) : formatValue(value);
    case "DateTime":
      return value instanceof DateTimeOffsetValue
        ? new DateTimeValue(value.ticks, "Unspecified")
        : convertTo("DateTime", value);
    case "Guid":
    case "TimeSpan":
    case "DateTimeOffset":
    case "Uri":
      return castOther(scalar, type);
    case "bool":
      return convertTo("bool", value);
    default:
      if (value instanceof DateTimeValue || value instanceof GuidValue || value instanceof TimeSpanValue)
        throw noTokenConversion(scalar, type);
      return convertTo(type.name, value);
  }
}

function castBytes(scalar: JScalarValue, type: TypeRef): Value {
  if (typeof scalar.value === "string") return decodeBase64(scalar.value);
  if (scalar.value instanceof Uint8Array) return scalar.value;
  throw noTokenConversion(scalar, type);
}

function castOther(scalar: JScalarValue, type: TypeRef): Value {
  const { value } = scalar;
  if (value !== null && typeNameOf(value) === type.name) return value;
  if (value instanceof DateTimeValue && type.name === "DateTimeOffset")
    return new DateTimeOffsetValue(value.ticks, 0);
  if (typeof value !== "string") throw noTokenConversion(scalar, type);
  if (type.name === "Uri") return new UriValue(value, undefined);
  return parseText(type.name, value);
}

/** `token.Value<T>()`: T itself, or what `Convert.ChangeType` makes of the value. */
export function convertedValue(token: JTokenValue | null, type: TypeRef): Value {
  if (token === null) return null;
  if (type.name === "object" || isInstance(token, type)) return token;
  if (!(token instanceof JScalarValue)) {
    throw invalidCast(`Cannot cast ${fullTypeName(token.kind)} to Newtonsoft.Json.Linq.JToken.`);
  }
  const { value } = token;
  if (value !== null && typeNameOf(value) === type.name && type.rank === 0) return value;
  if (value === null && !isValueType(type)) return null;
  if (!hasTokenConversion(type)) throw new NotSimulated(`Value<${printType(type)}> is not simulated.`);
  return changeType(type.name, value);
}

/** `token.ToObject<T>()` and `JsonConvert.DeserializeObject<T>`. */
export function objectOf(token: JTokenValue, type: TypeRef, ev: Evaluation): Value {
  ev.step();
  if (type.name === "object" && type.rank === 0) return token instanceof JScalarValue ? token.value : token;
  if (isInstance(token, type)) return token;
  if (token instanceof JScalarValue && token.value === null) return nullFor(type);
  if (type.rank === 0 || (type.name === "byte" && type.rank === 1)) {
    const made = collectionOf(token, type, ev);
    if (made !== undefined) return made;
    if (hasTokenConversion(type)) return deserialized(token, type);
    throw new NotSimulated(`Making ${printType(type)} of JSON is not simulated.`);
  }
  const element = { ...type, rank: type.rank - 1 };
  return new ArrayValue(elementsOf(token, type, element, ev), printType(element));
}

function nullFor(type: TypeRef): Value {
  if (!isValueType(type)) return null;
  throw exception(
    "Newtonsoft.Json.JsonSerializationException",
    `Error converting value {null} to type '${fullTypeName(type.name)}'. Path ''.`,
  );
}

function deserialized(token: JTokenValue, type: TypeRef): Value {
  if (token instanceof JScalarValue) return castToken(token, type);
  throw wrongShape(token, type);
}

function wrongShape(token: JTokenValue, type: TypeRef) {
  const what = token instanceof JArrayValue ? "array (e.g. [1,2,3])" : 'object (e.g. {"name":"value"})';
  return exception(
    "Newtonsoft.Json.JsonSerializationException",
    `Cannot deserialize the current JSON ${what} into type '${fullTypeName(printType(type))}'.`,
  );
}

const dictionaries = new Set(["Dictionary", "IDictionary", "IReadOnlyDictionary"]);
const lists = new Set(["List", "IList", "ICollection", "IEnumerable", "IReadOnlyCollection"]);

function collectionOf(token: JTokenValue, type: TypeRef, ev: Evaluation): Value | undefined {
  const [first, second] = type.args;
  if (dictionaries.has(type.name) && first !== undefined && second !== undefined) {
    if (!(token instanceof JObjectValue)) throw wrongShape(token, type);
    const made = new DictionaryValue(keyOf, printType(first), printType(second));
    for (const { name, value } of token.properties()) {
      made.entries.set(keyOf(name), { key: name, value: objectOf(value, second, ev) });
    }
    return made;
  }
  if (!lists.has(type.name) || first === undefined) return undefined;
  return new ListValue(elementsOf(token, type, first, ev), printType(first));
}

function elementsOf(token: JTokenValue, type: TypeRef, element: TypeRef, ev: Evaluation): Value[] {
  if (!(token instanceof JArrayValue)) throw wrongShape(token, type);
  return token.items.map((item) => objectOf(item, element, ev));
}
