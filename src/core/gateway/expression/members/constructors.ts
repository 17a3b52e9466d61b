/** `new T(...)` for every type that expressions may make. */
import { parseText } from "../convert.ts";
import { keyOf } from "../equality.ts";
import { NotSimulated, argumentOutOfRange, exception } from "../errors.ts";
import {
  ticksOf,
  ticksPerDay,
  ticksPerHour,
  ticksPerMillisecond,
  ticksPerMinute,
  ticksPerSecond,
} from "../format/calendar.ts";
import { contentToken } from "../json/json-convert.ts";
import {
  JArrayValue,
  JObjectValue,
  JPropertyValue,
  JScalarValue,
  isJToken,
  jNull,
} from "../json/json-values.ts";
import { itemsOf, walk } from "../sequences.ts";
import { printType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import {
  ArrayValue,
  CharValue,
  DateTimeOffsetValue,
  DateTimeValue,
  DictionaryValue,
  EnumValue,
  ExceptionValue,
  GuidValue,
  HashSetValue,
  ListValue,
  RecordValue,
  StringBuilderValue,
  TimeSpanValue,
} from "../values.ts";
import type { KeyOf, ObjectValue, Value } from "../values.ts";
import { comparerOf } from "./comparers.ts";
import type { Args } from "./registry.ts";
import { textArgument } from "./strings.ts";
import { createRegex } from "./regex.ts";
import { createUri } from "./uri.ts";
import { makeXml } from "./xml.ts";
import { hashConstructors } from "./hashing.ts";

type Construct = (args: Args) => Value;

/** How a type is made; undefined when that is not simulated. */
export function construct(type: TypeRef): Construct | undefined {
  if (type.name.endsWith("Exception")) return (args) => newException(type.name, args);
  return constructors.get(type.name);
}

const exceptionNamespaces: Readonly<Record<string, string>> = {
  KeyNotFoundException: "System.Collections.Generic",
  JsonException: "Newtonsoft.Json",
};

function newException(name: string, args: Args): Value {
  const inner = args.at(1);
  const full = `${exceptionNamespaces[name] ?? "System"}.${name}`;
  const parameter =
    args.count > 1 && typeof args.at(1) === "string" ? `\r\nParameter name: ${args.text(1)}` : "";
  const message = args.textOrNull(0) ?? `Exception of type '${full}' was thrown.`;
  return new ExceptionValue(full, message + parameter, inner instanceof ExceptionValue ? inner : null);
}

function comparerIn(args: Args): KeyOf {
  const comparer = args.values.map(comparerOf).find((found) => found !== undefined);
  return comparer?.keyOf ?? keyOf;
}

function typeName(args: Args, index: number): string {
  const type = args.types[index];
  return type === undefined ? "object" : printType(type);
}

function newDictionary(args: Args): Value {
  const made = new DictionaryValue(comparerIn(args), typeName(args, 0), typeName(args, 1));
  const from = args.at(0);
  if (from === null || typeof from === "number" || comparerOf(from) !== undefined) return made;
  for (const pair of walk(from, args.ev)) {
    if (!(pair instanceof RecordValue)) throw args.refuse(0, "dictionary");
    const key = pair.fields.get("Key") ?? null;
    made.entries.set(made.keyOf(key), { key, value: pair.fields.get("Value") ?? null });
  }
  return made;
}

function newList(kind: "List" | "Queue" | "Stack"): Construct {
  return (args) => {
    const from = args.at(0);
    const items = from === null || typeof from === "number" ? [] : [...walk(from, args.ev)];
    args.ev.allocate(items.length);
    return new ListValue(items, typeName(args, 0), kind);
  };
}

function newSet(args: Args): Value {
  const made = new HashSetValue(comparerIn(args), typeName(args, 0));
  const from = args.at(0);
  if (from === null || comparerOf(from) !== undefined || typeof from === "number") return made;
  for (const item of walk(from, args.ev))
    if (!made.entries.has(made.keyOf(item))) made.entries.set(made.keyOf(item), item);
  return made;
}

/** Content of a JSON container: tokens and values, and the items of sequences. */
function* contents(args: Args): Iterable<Value> {
  for (const value of args.values) {
    const isSequence =
      value !== null && typeof value === "object" && !isJToken(value) && !(value instanceof Uint8Array);
    const items = isSequence ? itemsOf(value) : undefined;
    if (items === undefined) yield value;
    else yield* walk(value, args.ev);
  }
}

function newJObject(args: Args): Value {
  const object = new JObjectValue();
  const [only] = args.values;
  if (args.count === 1 && only instanceof JObjectValue) return contentToken(only, args.ev).copy();
  for (const value of contents(args)) {
    if (isJToken(value)) contentToken(value, args.ev);
    if (value instanceof JPropertyValue) object.addProperty(value);
    else if (value instanceof JObjectValue)
      for (const property of value.properties()) object.addProperty(property);
    else {
      const name = isJToken(value) ? value.kind : "JValue";
      throw exception(
        "ArgumentException",
        `Can not add Newtonsoft.Json.Linq.${name} to Newtonsoft.Json.Linq.JObject.`,
      );
    }
  }
  return object;
}

function newJArray(args: Args): Value {
  const [only] = args.values;
  if (args.count === 1 && only instanceof JArrayValue) return contentToken(only, args.ev).copy();
  const array = new JArrayValue();
  for (const value of contents(args)) array.add(contentToken(value, args.ev));
  return array;
}

function newJProperty(args: Args): Value {
  const name = args.text(0, "name");
  const content = args.at(1);
  const isSequence =
    content !== null &&
    typeof content === "object" &&
    !isJToken(content) &&
    itemsOf(content) !== undefined &&
    !(content instanceof Uint8Array);
  if (args.count > 2) throw new NotSimulated("A JProperty with several contents is not simulated.");
  if (!isSequence) return new JPropertyValue(name, args.count < 2 ? jNull() : contentToken(content, args.ev));
  const array = new JArrayValue();
  for (const item of walk(content, args.ev)) array.add(contentToken(item, args.ev));
  return new JPropertyValue(name, array);
}

function newString(args: Args): string {
  const first = args.at(0);
  if (first instanceof CharValue) {
    const count = args.int(1);
    if (count < 0) throw argumentOutOfRange("count", "'count' must be non-negative.");
    args.ev.allocate(count);
    return textArgument(args, 0).repeat(count);
  }
  if (!(first instanceof ArrayValue)) throw args.refuse(0, "char[]");
  const all = first.items
    .map((item) => (item instanceof CharValue ? String.fromCharCode(item.code) : ""))
    .join("");
  return args.ev.text(args.count > 1 ? all.slice(args.int(1), args.int(1) + args.int(2)) : all);
}

function newDate(args: Args): Value {
  const zone = args.values.find((value) => value instanceof EnumValue);
  const kind =
    zone instanceof EnumValue && zone.name === "Utc"
      ? "Utc"
      : zone instanceof EnumValue && zone.name === "Local"
        ? "Local"
        : "Unspecified";
  const numbers = args.values.filter((value) => !(value instanceof EnumValue));
  if (numbers.length === 0) return new DateTimeValue(0n, "Unspecified");
  if (numbers.length === 1) return new DateTimeValue(ticksArgument(args, 0), kind);
  return new DateTimeValue(momentOf(args, numbers.length), kind);
}

function ticksArgument(args: Args, index: number): bigint {
  const ticks = args.at(index);
  if (typeof ticks === "bigint") return ticks;
  return BigInt(args.int(index));
}

function momentOf(args: Args, count: number): bigint {
  const part = (index: number) => (index < count ? args.int(index) : 0);
  const ticks = ticksOf([part(0), part(1), part(2), part(3), part(4), part(5)], part(6) * 10_000);
  if (ticks === undefined) {
    throw exception(
      "ArgumentOutOfRangeException",
      "Year, Month, and Day parameters describe an un-representable DateTime.",
    );
  }
  return ticks;
}

function newDateOffset(args: Args): Value {
  const first = args.at(0);
  const last = args.at(args.count - 1);
  const offset = last instanceof TimeSpanValue ? Number(last.ticks / ticksPerMinute) : 0;
  if (first instanceof DateTimeValue) return new DateTimeOffsetValue(first.ticks, offset);
  if (args.count === 2) return new DateTimeOffsetValue(ticksArgument(args, 0), offset);
  return new DateTimeOffsetValue(momentOf(args, args.count - 1), offset);
}

function newTimeSpan(args: Args): Value {
  if (args.count === 0) return new TimeSpanValue(0n);
  if (args.count === 1) return new TimeSpanValue(ticksArgument(args, 0));
  const units =
    args.count === 3
      ? [ticksPerHour, ticksPerMinute, ticksPerSecond]
      : [ticksPerDay, ticksPerHour, ticksPerMinute, ticksPerSecond, ticksPerMillisecond];
  return new TimeSpanValue(
    args.values.reduce<bigint>((sum, _, index) => sum + BigInt(args.int(index)) * (units[index] ?? 0n), 0n),
  );
}

function newGuid(args: Args): Value {
  if (args.count === 0) return new GuidValue("00000000-0000-0000-0000-000000000000");
  if (args.at(0) instanceof Uint8Array) return guidOf(args.bytes(0));
  return parseText("Guid", args.text(0, "g"));
}

/** The first three parts of a GUID have their bytes in reverse. */
function guidOf(bytes: Uint8Array): GuidValue {
  if (bytes.length !== 16)
    throw exception("ArgumentException", "Byte array for GUID must be exactly 16 bytes long.");
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const hex = order.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, "0")).join("");
  return new GuidValue(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
}

/** Random numbers come from the source of the call, also with a seed: .NET's own sequence is not rebuilt. */
const randomValue: ObjectValue = { kind: "Random" };

const constructors = new Map<string, Construct>(
  Object.entries<Construct>({
    DateTime: newDate,
    DateTimeOffset: newDateOffset,
    Dictionary: newDictionary,
    Guid: newGuid,
    HashSet: newSet,
    JArray: newJArray,
    JObject: newJObject,
    JProperty: newJProperty,
    JValue: (args) => {
      const token = contentToken(args.at(0), args.ev);
      return token instanceof JScalarValue ? token.copy() : token;
    },
    KeyValuePair: (args) =>
      new RecordValue(
        "KeyValuePair",
        new Map([
          ["Key", args.at(0)],
          ["Value", args.at(1)],
        ]),
      ),
    List: newList("List"),
    Queue: newList("Queue"),
    Random: () => randomValue,
    Regex: createRegex,
    Stack: newList("Stack"),
    StringBuilder: (args) => {
      const made = new StringBuilderValue();
      const first = args.at(0);
      if (typeof first === "string") made.text = args.ev.text(first);
      return made;
    },
    TimeSpan: newTimeSpan,
    Tuple: (args) =>
      new RecordValue("Tuple", new Map(args.values.map((value, index) => [`Item${index + 1}`, value]))),
    Uri: createUri,
    XAttribute: (args) => makeXml("XAttribute", args),
    XCData: (args) => makeXml("XCData", args),
    XComment: (args) => makeXml("XComment", args),
    XDocument: (args) => makeXml("XDocument", args),
    XElement: (args) => makeXml("XElement", args),
    XText: (args) => makeXml("XText", args),
    object: () => ({ kind: "object" }),
    string: newString,
    ...hashConstructors,
  }),
);
