/** Which .NET type a value has. */
import { keywordTypes } from "../../policy/expression/csharp/type-names.ts";
import { isEnumerable } from "./sequences.ts";
import { isValueType } from "./type-ref.ts";
import type { TypeRef } from "./type-ref.ts";
import {
  ArrayValue,
  DictionaryValue,
  EnumValue,
  ExceptionValue,
  HashSetValue,
  ListValue,
  isObjectValue,
} from "./values.ts";
import type { Value } from "./values.ts";
import { isExceptionType } from "./exception-types.ts";

const fullNames: Readonly<Record<string, string>> = {
  ...keywordTypes,
  StringBuilder: "System.Text.StringBuilder",
  Regex: "System.Text.RegularExpressions.Regex",
  Match: "System.Text.RegularExpressions.Match",
  Group: "System.Text.RegularExpressions.Group",
  Sequence: "System.Linq.Enumerable",
  Grouping: "System.Linq.IGrouping",
  Function: "System.Delegate",
};

/** C#'s word for the type of a value: `int`, `string[]`, `JObject`, `List<string>`. */
export function typeNameOf(value: Exclude<Value, null>): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "int";
  if (typeof value === "bigint") return "long";
  return typeof value === "string" ? "string" : objectTypeName(value);
}

function objectTypeName(value: object): string {
  if (value instanceof Uint8Array) return "byte[]";
  if (value instanceof ArrayValue) return `${value.elementType}[]`;
  if (value instanceof EnumValue) return value.type;
  if (value instanceof ExceptionValue) return value.type;
  if (value instanceof ListValue) return `${value.kind}<${value.elementType}>`;
  if (value instanceof HashSetValue) return `HashSet<${value.elementType}>`;
  if (value instanceof DictionaryValue) return `Dictionary<${value.keyType}, ${value.valueType}>`;
  return "kind" in value && typeof value.kind === "string" ? value.kind : "object";
}

/** The full name that .NET's messages have: `System.Int32`. */
export function fullTypeName(name: string): string {
  if (name.endsWith("[]")) return `${fullTypeName(name.slice(0, -2))}[]`;
  const open = name.indexOf("<");
  if (open !== -1) {
    const args = name.slice(open + 1, -1).split(", ");
    return `System.Collections.Generic.${name.slice(0, open)}\`${args.length}[${args.map(fullTypeName).join(",")}]`;
  }
  if (Object.hasOwn(fullNames, name)) return fullNames[name] ?? name;
  if (name.includes(".")) return name;
  if (/^J[A-Z]/.test(name)) return `Newtonsoft.Json.Linq.${name}`;
  if (/^X[A-Z5]/.test(name)) return `System.Xml.Linq.${name}`;
  return `System.${name}`;
}

const bases: Readonly<Record<string, readonly string[]>> = {
  JToken: ["JObject", "JArray", "JValue", "JProperty"],
  JContainer: ["JObject", "JArray", "JProperty"],
  XObject: ["XDocument", "XElement", "XAttribute", "XText", "XCData", "XComment"],
  XNode: ["XDocument", "XElement", "XText", "XCData", "XComment"],
  XContainer: ["XDocument", "XElement"],
  IApi: ["IContextApi"],
  X509Certificate: ["X509Certificate2"],
  Group: ["Match"],
  Capture: ["Group", "Match"],
};
const dictionaryTypes = new Set(["Dictionary", "IDictionary", "IReadOnlyDictionary"]);
const listTypes = new Set(["IList", "ICollection", "IReadOnlyList", "IReadOnlyCollection"]);
const hostDictionaries = new Set(["Headers", "Variables"]);

/** What `is` says: whether the value is of the type, or of one derived from it. Null is of no type. */
export function isInstance(value: Value, type: TypeRef): boolean {
  if (value === null) return false;
  if (type.rank > 0) return isArrayOf(value, type);
  if (type.name === "object") return true;
  const own = typeNameOf(value);
  if (own === type.name) return true;
  if (!isObjectValue(value)) {
    if (type.name === "IEnumerable") return value instanceof Uint8Array || typeof value === "string";
    return value instanceof Uint8Array && (type.name === "Array" || listTypes.has(type.name));
  }
  if (isValueType(type)) return false;
  if (value.kind === type.name) return hasTypeArguments(own, type);
  if (value instanceof ExceptionValue) return isExceptionType(value.type, type.name);
  if (bases[type.name]?.includes(value.kind) === true) return true;
  if (type.name === "IEnumerable") return isEnumerable(value);
  if (dictionaryTypes.has(type.name)) return isDictionary(value, type, own);
  if (type.name === "Array") return value instanceof ArrayValue;
  return (
    listTypes.has(type.name) && (value.kind === "List" || value.kind === "Array" || value.kind === "JArray")
  );
}

function isDictionary(value: Value & object, type: TypeRef, own: string): boolean {
  if (value instanceof DictionaryValue) return hasTypeArguments(own, type);
  return "kind" in value && typeof value.kind === "string" && hostDictionaries.has(value.kind);
}

/** Type arguments are compared where both sides are sure of them. */
function hasTypeArguments(own: string, type: TypeRef): boolean {
  const open = own.indexOf("<");
  if (open === -1 || type.args.length === 0) return true;
  const written = type.args.map(({ name, args, rank }) =>
    args.length === 0 ? name + "[]".repeat(rank) : undefined,
  );
  const actual = own.slice(open + 1, -1).split(", ");
  return written.every(
    (name, index) => name === undefined || actual[index]?.includes("<") === true || actual[index] === name,
  );
}

function isArrayOf(value: Value, { name, rank }: TypeRef): boolean {
  if (value instanceof Uint8Array) return name === "byte" && rank === 1;
  if (!(value instanceof ArrayValue)) return false;
  const element = name + "[]".repeat(rank - 1);
  return value.elementType === element || (name === "object" && rank === 1);
}
