/** Members of Newtonsoft's tokens. */
import { NotSimulated, argumentNull, exception } from "../errors.ts";
import { castValue, defaultOf } from "../conversions.ts";
import { chargeCopy, contentToken, convertedValue, objectOf, tokenOf } from "../json/json-convert.ts";
import { parseJson } from "../json/json-parse.ts";
import { selectTokens } from "../json/json-path.ts";
import { printJson } from "../json/json-print.ts";
import {
  JArrayValue,
  JContainerValue,
  JObjectValue,
  JPropertyValue,
  JScalarValue,
  JTokenValue,
  isJToken,
  jNull,
  pathOf,
  rootOf,
  tokenType,
} from "../json/json-values.ts";
import type { Evaluation } from "../evaluation.ts";
import { formatValue } from "../format/format-value.ts";
import { itemsOf, walk } from "../sequences.ts";
import { objectType } from "../type-ref.ts";
import { EnumValue, SequenceValue } from "../values.ts";
import type { Value } from "../values.ts";
import { comparerOf } from "./comparers.ts";
import { enumMember } from "./enums.ts";
import { getIndex } from "./indexers.ts";
import { defineMembers, defineStatics, instanceOf, defineSequenceMembers } from "./registry.ts";
import type { Args } from "./registry.ts";

/** Whether a call asks for indentation: it does unless it says `Formatting.None`. */
function isIndented(args: Args): boolean {
  const formatting = args.values.find((value) => value instanceof EnumValue && value.type === "Formatting");
  return !(formatting instanceof EnumValue) || formatting.name === "Indented";
}

function toText(token: JTokenValue, args: Args): string {
  if (token instanceof JScalarValue && args.count === 0) {
    return args.ev.text(token.value === null ? "" : formatValue(token.value));
  }
  if (token instanceof JScalarValue && typeof args.at(0) === "string") {
    return args.ev.text(token.value === null ? "" : formatValue(token.value, args.text(0)));
  }
  return args.ev.text(printJson(token, isIndented(args)));
}

function sequenceOf(items: () => Iterable<Value>): SequenceValue {
  return new SequenceValue(() => items()[Symbol.iterator]());
}

function* below(token: JTokenValue): Iterable<JTokenValue> {
  if (!(token instanceof JContainerValue)) return;
  for (const child of token.children()) {
    yield child;
    yield* below(child);
  }
}

/** `token.Value<T>(key)`; without a key the token itself is converted. */
function valueOf(token: JTokenValue, args: Args): Value {
  const held = args.count === 0 ? token : getIndex(token, args);
  if (held !== null && !isJToken(held)) throw args.refuse(0);
  return held === null ? defaultOf(args.type()) : convertedValue(held, args.type());
}

/** `token.Values()` and `token.Values<T>()`: of the children, or of the objects among them by key. */
function valuesOf(token: JTokenValue, args: Args): Value {
  const children =
    token instanceof JObjectValue ? token.properties().map(({ value }) => value) : childrenOf(token);
  const [type] = args.types;
  return sequenceOf(function* () {
    for (const child of children) yield type === undefined ? child : convertedValue(child, type);
  });
}

function childrenOf(token: JTokenValue): readonly JTokenValue[] {
  return token instanceof JContainerValue ? token.children() : [];
}

function deepEquals(a: JTokenValue, b: JTokenValue): boolean {
  return printJson(sorted(a), false) === printJson(sorted(b), false);
}

/** A copy whose properties are in order of their names. */
function sorted(token: JTokenValue): JTokenValue {
  if (token instanceof JArrayValue) return new JArrayValue(token.items.map(sorted));
  if (!(token instanceof JObjectValue)) return token.copy();
  const made = new JObjectValue();
  for (const { name, value } of token.properties().sort((a, b) => (a.name < b.name ? -1 : 1)))
    made.set(name, sorted(value));
  return made;
}

function remove(token: JTokenValue): null {
  if (token.parent === null) throw exception("InvalidOperationException", "The parent is missing.");
  if (token.parent instanceof JPropertyValue) token.parent.value = jNull();
  else token.parent.detach(token);
  return null;
}

function replaceWith(token: JTokenValue, args: Args): null {
  if (token.parent === null) throw exception("InvalidOperationException", "The parent is missing.");
  token.parent.replace(token, contentToken(args.at(0), args.ev));
  return null;
}

function path(args: Args): string {
  return args.text(0, "path");
}

defineMembers(["JObject", "JArray", "JProperty", "JValue"], instanceOf(JTokenValue), {
  get: {
    First: (token) => childrenOf(token)[0] ?? null,
    HasValues: (token) => childrenOf(token).length > 0,
    Last: (token) => childrenOf(token).at(-1) ?? null,
    Parent: (token) => token.parent,
    Path: pathOf,
    Root: rootOf,
    Type: (token) => enumMember("JTokenType", tokenType(token)) ?? null,
  },
  call: {
    Ancestors: (token) =>
      sequenceOf(function* () {
        for (let at = token.parent; at !== null; at = at.parent) yield at;
      }),
    Children: (token, args) =>
      sequenceOf(function* () {
        for (const child of childrenOf(token))
          if (args.types.length === 0 || child.kind === args.type().name) yield child;
      }),
    DeepClone: (token, args) => contentToken(token, args.ev).copy(),
    Descendants: (token) => sequenceOf(() => below(token)),
    DescendantsAndSelf: (token) =>
      sequenceOf(function* () {
        yield token;
        yield* below(token);
      }),
    Remove: remove,
    Replace: replaceWith,
    SelectToken: (token, args) => selectOne(token, args),
    SelectTokens: (token, args) => sequenceOf(() => selectTokens(token, path(args), args.ev)),
    ToObject: (token, args) => objectOf(token, args.types.length === 0 ? objectType : args.type(), args.ev),
    ToString: toText,
    Value: valueOf,
    Values: valuesOf,
  },
});

function selectOne(token: JTokenValue, args: Args): Value {
  const found = selectTokens(token, path(args), args.ev);
  if (found.length > 1) {
    throw exception("Newtonsoft.Json.JsonException", "Path returned multiple tokens.");
  }
  const isWanted = args.count > 1 && typeof args.at(1) === "boolean" && args.bool(1);
  if (found.length === 0 && isWanted) {
    throw exception("Newtonsoft.Json.JsonException", `Path '${path(args)}' returned no token.`);
  }
  return found[0] ?? null;
}

defineMembers(["JValue"], instanceOf(JScalarValue), {
  get: { Value: ({ value }) => value },
});

defineMembers(["JProperty"], instanceOf(JPropertyValue), {
  get: { Name: ({ name }) => name, Value: (property) => property.value, Count: () => 1 },
});

function addToObject(object: JObjectValue, args: Args): null {
  args.ev.allocate(1);
  const first = args.at(0);
  if (args.count === 1 && first instanceof JPropertyValue) object.addProperty(first);
  else if (args.count === 1) throw notProperty(first);
  else
    object.addProperty(new JPropertyValue(args.text(0, "propertyName"), contentToken(args.at(1), args.ev)));
  return null;
}

function notProperty(value: Value) {
  const name = isJToken(value) ? value.kind : "JValue";
  return exception(
    "ArgumentException",
    `Can not add Newtonsoft.Json.Linq.${name} to Newtonsoft.Json.Linq.JObject.`,
  );
}

/** A property by its name, compared as the second argument says. */
function propertyOf(object: JObjectValue, args: Args): JPropertyValue | undefined {
  const name = args.text(0, "propertyName");
  const exact = object.property(name);
  const comparer = comparerOf(args.at(1));
  if (exact !== undefined || comparer === undefined) return exact;
  return object.properties().find((property) => comparer.keyOf(property.name) === comparer.keyOf(name));
}

function merge(into: JContainerValue, from: Value, ev: Evaluation): null {
  if (isJToken(from)) chargeCopy(from, ev);
  if (into instanceof JObjectValue && from instanceof JObjectValue) {
    for (const { name, value } of from.properties()) {
      const held = into.get(name);
      if (held instanceof JContainerValue && value.kind === held.kind) merge(held, value, ev);
      else if (!(value instanceof JScalarValue && value.type === "Null" && held !== undefined))
        into.set(name, value);
    }
  } else if (into instanceof JArrayValue && from instanceof JArrayValue)
    for (const item of from.items) into.add(item);
  return null;
}

defineMembers(["JObject"], instanceOf(JObjectValue), {
  get: { Count: (object) => object.count },
  call: {
    Add: addToObject,
    ContainsKey: (object, args) => object.get(args.text(0, "propertyName")) !== undefined,
    GetValue: (object, args) => propertyOf(object, args)?.value ?? null,
    Merge: (object, args) => merge(object, args.at(0), args.ev),
    Properties: (object) => sequenceOf(() => object.properties()),
    Property: (object, args) => propertyOf(object, args) ?? null,
    PropertyValues: (object) => sequenceOf(() => object.properties().map(({ value }) => value)),
    Remove: (object, args) =>
      args.count === 0 ? remove(object) : object.remove(args.text(0, "propertyName")),
    RemoveAll: (object) => {
      object.clear();
      return null;
    },
    TryGetValue: (object, args) => {
      const found = propertyOf(object, args);
      args.out(args.count - 1).set(found?.value ?? null);
      return found !== undefined;
    },
  },
});

defineMembers(["JArray"], instanceOf(JArrayValue), {
  get: { Count: (array) => array.items.length },
  call: {
    Add: (array, args) => {
      args.ev.allocate(1);
      array.add(contentToken(args.at(0), args.ev));
      return null;
    },
    Clear: (array) => {
      while (array.items.length > 0) array.removeAt(array.items.length - 1);
      return null;
    },
    Contains: (array, args) => array.items.some((item) => item === args.at(0)),
    IndexOf: (array, args) => array.items.findIndex((item) => item === args.at(0)),
    Insert: (array, args) => {
      array.insert(args.int(0), contentToken(args.at(1), args.ev));
      return null;
    },
    Merge: (array, args) => merge(array, args.at(0), args.ev),
    Remove: (array, args) => {
      if (args.count === 0) return remove(array);
      const index = array.items.findIndex((item) => item === args.at(0));
      if (index !== -1) array.removeAt(index);
      return index !== -1;
    },
    RemoveAt: (array, args) => {
      array.removeAt(args.int(0));
      return null;
    },
  },
});

function parse(wanted: "JToken" | "JObject" | "JArray") {
  return (args: Args) => parseJson(args.text(0, "json"), wanted, args.ev);
}

function fromObject(wanted: "JToken" | "JObject" | "JArray") {
  return (args: Args) => {
    if (args.at(0) === null) throw argumentNull("o");
    const token = tokenOf(args.at(0), args.ev);
    if (wanted !== "JToken" && token.kind !== wanted) {
      const what = wanted === "JObject" ? "Object" : "Array";
      throw exception(
        "ArgumentException",
        `${what} serialized to ${tokenType(token)}. ${wanted} instance expected.`,
      );
    }
    return token;
  };
}

for (const name of ["JToken", "JObject", "JArray"] as const) {
  defineStatics(name, { call: { Parse: parse(name), FromObject: fromObject(name) } });
}

defineStatics("JToken", {
  call: {
    DeepEquals: (args) => {
      const [a, b] = [args.at(0), args.at(1)];
      return isJToken(a) && isJToken(b) ? deepEquals(a, b) : a === b;
    },
  },
});

defineStatics("JValue", {
  call: { CreateNull: jNull, CreateString: (args) => new JScalarValue("String", args.text(0)) },
});

defineStatics("JsonConvert", {
  call: {
    DeserializeObject: (args) => {
      const text = args.text(0, "value");
      if (text.trim() === "") return null;
      return objectOf(parseJson(text, "JToken", args.ev), args.types[0] ?? objectType, args.ev);
    },
    SerializeObject: (args) => {
      const isPlain = args.count < 2 || !isIndented(args);
      return args.ev.text(printJson(tokenOf(args.at(0), args.ev), !isPlain));
    },
  },
});

/** Newtonsoft's extensions of sequences of tokens. */
defineSequenceMembers({
  Values: (source, args) =>
    sequenceOf(function* () {
      for (const item of walk(source, args.ev)) {
        if (!isJToken(item)) throw new NotSimulated("Values() is for sequences of tokens.");
        const held = args.count > 0 ? getIndex(item, args) : item;
        const inner = args.count === 0 ? (itemsOf(item) ?? []) : held === null ? [] : [held];
        for (const token of inner)
          yield args.types.length > 0 && isJToken(token)
            ? castValue(token, args.type(), "other", false)
            : token;
      }
    }),
});
