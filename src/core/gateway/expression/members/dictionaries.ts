/** Members of dictionaries and sets: .NET's own, the headers of a message, and `context.Variables`. */
import { HeaderMap } from "../../message.ts";
import { assignValue, defaultOf } from "../conversions.ts";
import { areSame } from "../equality.ts";
import { argumentNull, exception, invalidCast, nullReference } from "../errors.ts";
import { formatValue } from "../format/format-value.ts";
import { stringArray, walk } from "../sequences.ts";
import { isInstance } from "../type-names.ts";
import { isValueType, parseType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import { ArrayValue, DictionaryValue, HashSetValue, ListValue, VariablesValue } from "../values.ts";
import type { Value } from "../values.ts";
import { setEntry } from "./indexers.ts";
import { defineMembers, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";

function addEntry(target: DictionaryValue, args: Args): null {
  args.ev.allocate(1);
  args.ev.step();
  const key = args.at(0);
  if (key === null) throw argumentNull("key");
  if (target.entries.has(target.keyOf(key))) {
    throw exception("ArgumentException", "An item with the same key has already been added.");
  }
  setEntry(target, key, args.at(1));
  return null;
}

function keyArgument(args: Args): Value {
  if (args.at(0) === null) throw argumentNull("key");
  return args.at(0);
}

function tryGet(found: Value | undefined, args: Args, type: TypeRef): boolean {
  args.out(1).set(found === undefined && isValueType(type) ? defaultOf(type) : (found ?? null));
  return found !== undefined;
}

defineMembers(["Dictionary"], instanceOf(DictionaryValue), {
  get: {
    Count: ({ entries }) => entries.size,
    Keys: ({ entries, keyType }) =>
      new ListValue(
        Array.from(entries.values(), ({ key }) => key),
        keyType,
      ),
    Values: ({ entries, valueType }) =>
      new ListValue(
        Array.from(entries.values(), ({ value }) => value),
        valueType,
      ),
  },
  call: {
    Add: addEntry,
    Clear: ({ entries }) => {
      entries.clear();
      return null;
    },
    ContainsKey: (target, args) => target.entries.has(target.keyOf(keyArgument(args))),
    ContainsValue: ({ entries }, args) =>
      [...entries.values()].some(({ value }) => areSame(value, args.at(0))),
    GetValueOrDefault: (target, args) => {
      const found = target.entries.get(target.keyOf(keyArgument(args)))?.value;
      return found === undefined ? args.at(1) : joined(found);
    },
    Remove: (target, args) => target.entries.delete(target.keyOf(keyArgument(args))),
    TryGetValue: (target, args) =>
      tryGet(target.entries.get(target.keyOf(keyArgument(args)))?.value, args, parseType(target.valueType)),
    ToFormUrlEncodedContent: (target, args) => args.ev.text(formText(target, args)),
    ToQueryString: (target, args) => args.ev.text(formText(target, args)),
  },
});

/** Several values of one name come as one text, joined by commas. */
function joined(value: Value): Value {
  return value instanceof ArrayValue && value.elementType === "string"
    ? value.items.map((item) => (item === null ? "" : formatValue(item))).join(",")
    : value;
}

function formText(target: DictionaryValue, args: Args): string {
  const pairs: string[] = [];
  for (const { key, value } of target.entries.values()) {
    for (const item of walk(typeof value === "string" ? stringArray([value]) : value, args.ev)) {
      pairs.push([key, item].map((text) => encodeForm(text === null ? "" : formatValue(text))).join("="));
    }
  }
  return pairs.join("&");
}

function encodeForm(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** APIM joins the values of a header, and gives the default where there is none. */
defineMembers(["Headers"], instanceOf(HeaderMap), {
  get: {
    Count: (headers) => headers.entries().length,
    Keys: (headers) =>
      new ListValue(
        headers.entries().map(({ name }) => name),
        "string",
      ),
    Values: (headers) =>
      new ListValue(
        headers.entries().map(({ values }) => stringArray(values)),
        "string[]",
      ),
  },
  call: {
    ContainsKey: (headers, args) => headers.has(args.text(0, "key")),
    GetValueOrDefault: (headers, args) => headers.get(args.text(0, "key"))?.join(",") ?? args.at(1),
    TryGetValue: (headers, args) => {
      const values = headers.get(args.text(0, "key"));
      args.out(1).set(values === undefined ? null : stringArray(values));
      return values !== undefined;
    },
  },
});

/** `GetValueOrDefault<T>` throws where the variable holds something that is no T. */
function variableOrDefault({ map }: VariablesValue, args: Args): Value {
  const held = map.get(args.text(0, "key"));
  const [type] = args.types;
  if (held === undefined)
    return args.count > 1 ? otherwise(args.at(1), type) : type === undefined ? null : defaultOf(type);
  if (type === undefined || type.name === "object") return held;
  if (held === null) {
    if (isValueType(type)) throw nullReference();
    return null;
  }
  if (!isInstance(held, type)) throw invalidCast();
  return held;
}

function otherwise(value: Value, type: TypeRef | undefined): Value {
  return type === undefined ? value : assignValue(value, type);
}

defineMembers(["Variables"], instanceOf(VariablesValue), {
  get: {
    Count: ({ map }) => map.size,
    Keys: ({ map }) => new ListValue([...map.keys()], "string"),
    Values: ({ map }) => new ListValue([...map.values()], "object"),
  },
  call: {
    ContainsKey: ({ map }, args) => map.has(args.text(0, "key")),
    GetValueOrDefault: variableOrDefault,
    TryGetValue: ({ map }, args) => {
      const held = map.get(args.text(0, "key"));
      args.out(1).set(held ?? null);
      return held !== undefined;
    },
  },
});

defineMembers(["HashSet"], instanceOf(HashSetValue), {
  get: { Count: ({ entries }) => entries.size },
  call: {
    Add: (set, args) => {
      args.ev.allocate(1);
      const isNew = !set.entries.has(set.keyOf(args.at(0)));
      if (isNew) set.entries.set(set.keyOf(args.at(0)), args.at(0));
      return isNew;
    },
    Clear: ({ entries }) => {
      entries.clear();
      return null;
    },
    Contains: (set, args) => set.entries.has(set.keyOf(args.at(0))),
    IsSubsetOf: (set, args) => {
      const others = new Set([...walk(args.at(0), args.ev)].map(set.keyOf));
      return [...set.entries.keys()].every((key) => others.has(key));
    },
    Overlaps: (set, args) => [...walk(args.at(0), args.ev)].some((item) => set.entries.has(set.keyOf(item))),
    Remove: (set, args) => set.entries.delete(set.keyOf(args.at(0))),
    UnionWith: (set, args) => {
      for (const item of walk(args.at(0), args.ev)) set.entries.set(set.keyOf(item), item);
      return null;
    },
  },
});
