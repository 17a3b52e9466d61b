/** `x[i]`, `x[i] = v`, and the items of collection initializers. */
import { HeaderMap } from "../../message.ts";
import { NotSimulated, argumentNull, argumentOutOfRange, exception } from "../errors.ts";
import { contentToken } from "../json/json-convert.ts";
import { JArrayValue, JObjectValue, JPropertyValue, JTokenValue } from "../json/json-values.ts";
import { isNumeric, toNumber } from "../numbers.ts";
import { GroupsValue } from "../regex-values.ts";
import { stringArray } from "../sequences.ts";
import { typeNameOf } from "../type-names.ts";
import { parseType } from "../type-ref.ts";
import {
  ArrayValue,
  CharValue,
  DictionaryValue,
  HashSetValue,
  ListValue,
  NumberValue,
  StringBuilderValue,
  VariablesValue,
} from "../values.ts";
import type { Value } from "../values.ts";
import { assignValue } from "../conversions.ts";
import { XElementValue } from "../xml/xml-values.ts";
import { addXml } from "../xml/xml-content.ts";
import { findMethod, kindOf } from "./registry.ts";
import type { Args } from "./registry.ts";

function keyNotFound() {
  return exception(
    "System.Collections.Generic.KeyNotFoundException",
    "The given key was not present in the dictionary.",
  );
}

function indexOutOfRange() {
  return exception("IndexOutOfRangeException", "Index was outside the bounds of the array.");
}

function listOutOfRange() {
  return argumentOutOfRange(
    "index",
    "Index was out of range. Must be non-negative and less than the size of the collection.",
  );
}

/** The element that an indexer gives; throws as the type of the target does for what is not there. */
export function getIndex(target: Exclude<Value, null>, args: Args): Value {
  const index = args.at(0);
  if (target instanceof JTokenValue) return tokenAt(target, index);
  if (typeof target === "string") return characterAt(target, args.int(0));
  if (target instanceof StringBuilderValue) return characterAt(target.text, args.int(0));
  if (target instanceof Uint8Array) {
    const byte = target[args.int(0)];
    if (byte === undefined) throw indexOutOfRange();
    return new NumberValue("byte", byte);
  }
  if (target instanceof ArrayValue) return itemAt(target.items, args.int(0), indexOutOfRange);
  if (target instanceof ListValue) return itemAt(target.items, args.int(0), listOutOfRange);
  return getByKey(target, args);
}

function characterAt(text: string, index: number): Value {
  if (index < 0 || index >= text.length) throw indexOutOfRange();
  return new CharValue(text.charCodeAt(index));
}

function itemAt(items: readonly Value[], index: number, error: () => Error): Value {
  const item = items[index];
  if (item === undefined) throw error();
  return item;
}

function getByKey(target: Exclude<Value, null>, args: Args): Value {
  const key = args.at(0);
  if (target instanceof GroupsValue) return groupAt(target, key);
  if (key === null) throw argumentNull("key");
  if (target instanceof DictionaryValue) {
    const entry = target.entries.get(target.keyOf(key));
    if (entry === undefined) throw keyNotFound();
    return entry.value;
  }
  if (target instanceof HeaderMap) {
    const values = target.get(args.text(0));
    if (values === undefined) throw keyNotFound();
    return stringArray(values);
  }
  if (target instanceof VariablesValue) {
    const value = target.map.get(args.text(0));
    if (value === undefined) throw keyNotFound();
    return value;
  }
  throw new NotSimulated(`An indexer of ${typeNameOf(target)} is not simulated.`);
}

function groupAt(target: GroupsValue, key: Value): Value {
  const name = typeof key === "string" ? key : isNumeric(key) ? String(toNumber(key)) : "";
  const found = target.groups.find((group) => group.name === name);
  return found ?? target.groups.find(({ isSuccess }) => !isSuccess) ?? null;
}

function tokenAt(token: JTokenValue, key: Value): Value {
  if (token instanceof JObjectValue) {
    if (typeof key !== "string") {
      throw exception(
        "ArgumentException",
        `Accessed JObject values with invalid key value: ${key === null ? "null" : String(isNumeric(key) ? toNumber(key) : typeNameOf(key))}. Object property name expected.`,
      );
    }
    return token.get(key) ?? null;
  }
  if (token instanceof JArrayValue) {
    if (!isNumeric(key)) {
      throw exception(
        "ArgumentException",
        `Accessed JArray values with invalid key value: ${typeof key === "string" ? `"${key}"` : "null"}. Int32 array index expected.`,
      );
    }
    return itemAt(token.items, toNumber(key), listOutOfRange);
  }
  throw exception(
    "InvalidOperationException",
    `Cannot access child value on Newtonsoft.Json.Linq.${token.kind}.`,
  );
}

/** Sets an element. Dictionaries and JSON objects take new keys, arrays and lists do not. */
export function setIndex(target: Exclude<Value, null>, args: Args, value: Value): void {
  args.ev.allocate(1);
  if (target instanceof JTokenValue) setToken(target, args, value);
  else if (target instanceof Uint8Array) {
    if (args.int(0) < 0 || args.int(0) >= target.length) throw indexOutOfRange();
    target[args.int(0)] = isNumeric(value) ? toNumber(value) : 0;
  } else if (target instanceof ArrayValue) {
    setItem(target, args.int(0), value, indexOutOfRange);
  } else if (target instanceof ListValue) {
    setItem(target, args.int(0), value, listOutOfRange);
  } else if (target instanceof DictionaryValue) setEntry(target, args.at(0), value);
  else throw new NotSimulated(`Setting elements of ${typeNameOf(target)} is not simulated.`);
}

function setItem(target: ArrayValue | ListValue, index: number, value: Value, error: () => Error): void {
  if (index < 0 || index >= target.items.length) throw error();
  target.items[index] = assignValue(value, parseType(target.elementType));
}

/** Sets a key of a dictionary, whether it is there or not. */
export function setEntry(target: DictionaryValue, key: Value, value: Value): void {
  if (key === null) throw argumentNull("key");
  const held = assignValue(value, parseType(target.valueType));
  const entry = target.entries.get(target.keyOf(key));
  if (entry !== undefined) entry.value = held;
  else target.entries.set(target.keyOf(key), { key, value: held });
}

function setToken(target: JTokenValue, args: Args, value: Value): void {
  const token = contentToken(value, args.ev);
  if (target instanceof JObjectValue && typeof args.at(0) === "string") target.set(args.text(0), token);
  else if (target instanceof JArrayValue) {
    if (args.int(0) < 0 || args.int(0) >= target.items.length) throw listOutOfRange();
    target.set(args.int(0), token);
  } else if (target instanceof JPropertyValue) target.value = token;
  else throw exception("ArgumentException", "Set JObject values with invalid key value.");
}

/** An item of `new T { ... }`: what `Add` takes. */
export function addItem(target: Value, args: Args): void {
  if (target instanceof XElementValue) {
    addXml(target, args.values, args.ev);
    return;
  }
  if (
    target instanceof JObjectValue ||
    target instanceof JArrayValue ||
    target instanceof ListValue ||
    target instanceof DictionaryValue ||
    target instanceof HashSetValue
  ) {
    const add = findMethod(kindOf(target), "Add");
    if (add === undefined) throw new NotSimulated(`Adding to ${typeNameOf(target)} is not simulated.`);
    add(target, args);
    return;
  }
  throw new NotSimulated(`${target === null ? "null" : typeNameOf(target)} takes no items.`);
}
