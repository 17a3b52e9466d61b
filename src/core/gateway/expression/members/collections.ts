/** Members of arrays and lists, and the static ones of Array and Enumerable. */
import { assignValue, defaultOf } from "../conversions.ts";
import { areSame, compareForSort } from "../equality.ts";
import { NotSimulated, argumentNull, argumentOutOfRange, exception, invalidOperation } from "../errors.ts";
import { walk } from "../sequences.ts";
import { parseType } from "../type-ref.ts";
import { ArrayValue, ListValue, SequenceValue } from "../values.ts";
import type { Value } from "../values.ts";
import { isTruthy } from "./linq-conditions.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";

function isBytes(value: Value): value is Uint8Array {
  return value instanceof Uint8Array;
}

defineMembers(["byte[]"], isBytes, {
  get: { Length: (bytes) => bytes.length, LongLength: (bytes) => BigInt(bytes.length) },
  call: { Clone: (bytes) => bytes.slice() },
});

defineMembers(["Array"], instanceOf(ArrayValue), {
  get: { Length: ({ items }) => items.length, LongLength: ({ items }) => BigInt(items.length) },
  call: {
    Clone: ({ items, elementType }) => new ArrayValue([...items], elementType),
    GetValue: ({ items }, args) => items[args.int(0)] ?? null,
  },
});

function add(list: ListValue, args: Args, item = args.at(0)): null {
  args.ev.allocate(1);
  args.ev.step();
  list.items.push(assignValue(item, parseType(list.elementType)));
  return null;
}

function addRange(list: ListValue, args: Args): null {
  if (args.at(0) === null) throw argumentNull("collection");
  for (const item of [...walk(args.at(0), args.ev)]) add(list, args, item);
  return null;
}

function removeItem({ items }: ListValue, args: Args): boolean {
  const index = items.findIndex((item) => areSame(item, args.at(0)));
  if (index !== -1) items.splice(index, 1);
  return index !== -1;
}

function removeAll({ items }: ListValue, args: Args): number {
  const fn = args.fn(0, "match");
  const kept = items.filter((item) => !isTruthy(fn.call([item])));
  const count = items.length - kept.length;
  items.splice(0, items.length, ...kept);
  return count;
}

function sort({ items }: ListValue, args: Args): null {
  const fn = args.count > 0 ? args.fn(0, "comparison") : undefined;
  items.sort((a, b) => {
    args.ev.step();
    const order = fn === undefined ? compareForSort(a, b) : fn.call([a, b]);
    if (typeof order !== "number") throw new NotSimulated("The items cannot be put in order.");
    return order;
  });
  return null;
}

function checkIndex(index: number, length: number): number {
  if (index < 0 || index >= length) {
    throw argumentOutOfRange(
      "index",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  }
  return index;
}

defineMembers(["List"], instanceOf(ListValue), {
  get: { Count: ({ items }) => items.length, Capacity: ({ items }) => items.length },
  call: {
    Add: (list, args) => add(list, args),
    AddRange: addRange,
    Clear: ({ items }) => {
      items.length = 0;
      return null;
    },
    Exists: ({ items }, args) => items.some((item) => isTruthy(args.fn(0).call([item]))),
    Find: ({ items, elementType }, args) =>
      items.find((item) => isTruthy(args.fn(0).call([item]))) ?? defaultOf(parseType(elementType)),
    FindAll: ({ items, elementType }, args) =>
      new ListValue(
        items.filter((item) => isTruthy(args.fn(0).call([item]))),
        elementType,
      ),
    FindIndex: ({ items }, args) => items.findIndex((item) => isTruthy(args.fn(0).call([item]))),
    ForEach: ({ items }, args) => {
      for (const item of [...items]) args.fn(0, "action").call([item]);
      return null;
    },
    GetRange: ({ items, elementType }, args) =>
      new ListValue(items.slice(args.int(0), args.int(0) + args.int(1)), elementType),
    IndexOf: ({ items }, args) => items.findIndex((item) => areSame(item, args.at(0))),
    Insert: (list, args) => {
      if (args.int(0) < 0 || args.int(0) > list.items.length) throw argumentOutOfRange("index");
      args.ev.allocate(1);
      list.items.splice(args.int(0), 0, assignValue(args.at(1), parseType(list.elementType)));
      return null;
    },
    Remove: removeItem,
    RemoveAll: removeAll,
    RemoveAt: ({ items }, args) => {
      items.splice(checkIndex(args.int(0), items.length), 1);
      return null;
    },
    Reverse: ({ items }) => {
      items.reverse();
      return null;
    },
    Sort: sort,
  },
});

function takeEnd(isFirst: boolean, isRemoved: boolean) {
  return ({ items, kind }: ListValue): Value => {
    const item = isFirst ? items[0] : items.at(-1);
    if (item === undefined) throw invalidOperation(`${kind} empty.`);
    if (isRemoved) items.splice(isFirst ? 0 : items.length - 1, 1);
    return item;
  };
}

const shared = {
  Clear: ({ items }: ListValue) => {
    items.length = 0;
    return null;
  },
};

defineMembers(["Queue"], instanceOf(ListValue), {
  get: { Count: ({ items }) => items.length },
  call: {
    ...shared,
    Dequeue: takeEnd(true, true),
    Enqueue: (list, args) => add(list, args),
    Peek: takeEnd(true, false),
  },
});

defineMembers(["Stack"], instanceOf(ListValue), {
  get: { Count: ({ items }) => items.length },
  call: {
    ...shared,
    Peek: takeEnd(false, false),
    Pop: takeEnd(false, true),
    Push: (list, args) => add(list, args),
  },
});

function arrayItems(args: Args): readonly Value[] {
  if (args.at(0) === null) throw argumentNull("array");
  return [...walk(args.at(0), args.ev)];
}

function copy(args: Args): null {
  const [fromStart, toStart] = args.count > 3 ? [args.int(1), args.int(3)] : [0, 0];
  const [from, to] = [args.at(0), args.at(args.count > 3 ? 2 : 1)];
  const length = args.int(args.count - 1);
  const sizeOf = (value: Value) =>
    value instanceof Uint8Array ? value.length : value instanceof ArrayValue ? value.items.length : 0;
  if (length < 0 || fromStart < 0 || toStart < 0) throw argumentOutOfRange("length");
  if (fromStart + length > sizeOf(from))
    throw exception(
      "ArgumentException",
      "Source array was not long enough. Check srcIndex and length, and the array's lower bounds.",
    );
  if (toStart + length > sizeOf(to))
    throw exception(
      "ArgumentException",
      "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.",
    );
  args.ev.step(1 + length / 64);
  if (from instanceof Uint8Array && to instanceof Uint8Array)
    to.set(from.slice(fromStart, fromStart + length), toStart);
  else if (from instanceof ArrayValue && to instanceof ArrayValue)
    to.items.splice(toStart, length, ...from.items.slice(fromStart, fromStart + length));
  else throw args.refuse(0, "array");
  return null;
}

defineStatics("Array", {
  call: {
    Copy: copy,
    Exists: (args) => arrayItems(args).some((item) => isTruthy(args.fn(1, "match").call([item]))),
    Find: (args) => arrayItems(args).find((item) => isTruthy(args.fn(1, "match").call([item]))) ?? null,
    FindIndex: (args) => arrayItems(args).findIndex((item) => isTruthy(args.fn(1, "match").call([item]))),
    IndexOf: (args) => arrayItems(args).findIndex((item) => areSame(item, args.at(1))),
    Reverse: (args) => {
      const target = args.at(0);
      if (target instanceof ArrayValue) target.items.reverse();
      else if (target instanceof Uint8Array) target.reverse();
      else throw args.refuse(0, "array");
      return null;
    },
  },
});

defineStatics("Enumerable", {
  call: {
    Empty: (args) => new ArrayValue([], args.types[0]?.name ?? "object"),
    Range: (args) => {
      const [start, count] = [args.int(0), args.int(1)];
      if (count < 0) throw argumentOutOfRange("count");
      return new SequenceValue(function* () {
        for (let index = 0; index < count; index += 1) yield start + index;
      });
    },
    Repeat: (args) => {
      const [item, count] = [args.at(0), args.int(1)];
      if (count < 0) throw argumentOutOfRange("count");
      return new SequenceValue(function* () {
        for (let index = 0; index < count; index += 1) yield item;
      });
    },
  },
});
