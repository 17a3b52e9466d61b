/** Everything that `foreach` and LINQ can walk. */
import { NotSimulated, nullReference } from "./errors.ts";
import type { Evaluation } from "./evaluation.ts";
import { JArrayValue, JObjectValue, JPropertyValue } from "./json/json-values.ts";
import { HeaderMap } from "../message.ts";
import { typeNameOf } from "./type-names.ts";
import {
  ArrayValue,
  CharValue,
  DictionaryValue,
  HashSetValue,
  ListValue,
  NumberValue,
  RecordValue,
  SequenceValue,
  VariablesValue,
} from "./values.ts";
import type { Value } from "./values.ts";

export function keyValuePair(key: Value, value: Value): RecordValue {
  return new RecordValue(
    "KeyValuePair",
    new Map([
      ["Key", key],
      ["Value", value],
    ]),
  );
}

export function stringArray(texts: readonly string[]): ArrayValue {
  return new ArrayValue([...texts], "string");
}

/** The items of a value, in order; undefined when it has none. What is lazy is not run before the first item is asked for. */
export function itemsOf(value: Value): Iterable<Value> | undefined {
  if (value instanceof SequenceValue) return { [Symbol.iterator]: value.iterate };
  if (value instanceof ArrayValue) return value.items;
  if (value instanceof ListValue) return value.kind === "Stack" ? value.items.toReversed() : value.items;
  if (value instanceof JArrayValue) return value.items;
  if (value instanceof JObjectValue) return value.properties();
  if (value instanceof JPropertyValue) return [value.value];
  if (value instanceof HashSetValue) return value.entries.values();
  if (value instanceof DictionaryValue) return pairsOf(value.entries.values());
  if (value instanceof HeaderMap) {
    return value.entries().map(({ name, values }) => keyValuePair(name, stringArray(values)));
  }
  if (value instanceof VariablesValue) return [...value.map].map(([key, held]) => keyValuePair(key, held));
  if (typeof value === "string") return charactersOf(value);
  if (value instanceof Uint8Array) return bytesOf(value);
  return undefined;
}

export function isEnumerable(value: Value): boolean {
  return itemsOf(value) !== undefined;
}

function* pairsOf(entries: Iterable<{ readonly key: Value; readonly value: Value }>) {
  for (const { key, value } of entries) yield keyValuePair(key, value);
}

function* charactersOf(text: string) {
  for (let index = 0; index < text.length; index += 1) yield new CharValue(text.charCodeAt(index));
}

function* bytesOf(bytes: Uint8Array) {
  for (const byte of bytes) yield new NumberValue("byte", byte);
}

/** The items of a value that code walks; throws for null as .NET does, and for what cannot be walked. */
export function walk(value: Value, ev: Evaluation): Iterable<Value> {
  if (value === null) throw nullReference();
  const items = itemsOf(value);
  if (items === undefined) throw new NotSimulated(`${typeNameOf(value)} cannot be enumerated.`);
  return counted(items, ev);
}

function* counted(items: Iterable<Value>, ev: Evaluation) {
  for (const item of items) {
    ev.step();
    yield item;
  }
}
