/** LINQ's methods that give sequences: nothing runs before someone walks what they give. */
import { castValue } from "../conversions.ts";
import { compareForSort, keyOf } from "../equality.ts";
import { NotSimulated, argumentNull } from "../errors.ts";
import { walk } from "../sequences.ts";
import { isInstance } from "../type-names.ts";
import { FunctionValue, RecordValue, SequenceValue } from "../values.ts";
import type { KeyOf, ObjectValue, Value } from "../values.ts";
import { isTruthy } from "./linq-conditions.ts";
import { comparerOf } from "./comparers.ts";
import { defineSequenceMembers } from "./registry.ts";
import type { Args } from "./registry.ts";

/** A sequence made anew for everyone who walks it. */
export function sequence(make: () => Iterator<Value>): SequenceValue {
  return new SequenceValue(make);
}

/** A function of an item, and of its index where it takes two. */
function itemFunction(args: Args, index: number): (item: Value, position: number) => Value {
  const fn = args.fn(index, "selector");
  return fn.parameterCount === 2 ? (item, position) => fn.call([item, position]) : (item) => fn.call([item]);
}

function* select(items: Iterable<Value>, fn: (item: Value, position: number) => Value) {
  let position = 0;
  for (const item of items) yield fn(item, position++);
}

function* where(items: Iterable<Value>, fn: (item: Value, position: number) => Value) {
  let position = 0;
  for (const item of items) if (isTruthy(fn(item, position++))) yield item;
}

function* selectMany(source: Value, args: Args) {
  const fn = itemFunction(args, 0);
  const result = args.count > 1 ? args.fn(1) : undefined;
  let position = 0;
  for (const item of walk(source, args.ev)) {
    for (const inner of walk(fn(item, position++), args.ev))
      yield result === undefined ? inner : result.call([item, inner]);
  }
}

function* take(items: Iterable<Value>, count: number) {
  let left = count;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

function* skip(items: Iterable<Value>, count: number) {
  let left = count;
  for (const item of items) {
    if (left > 0) left -= 1;
    else yield item;
  }
}

function* takeWhile(items: Iterable<Value>, fn: (item: Value, position: number) => Value) {
  let position = 0;
  for (const item of items) {
    if (!isTruthy(fn(item, position++))) return;
    yield item;
  }
}

function* skipWhile(items: Iterable<Value>, fn: (item: Value, position: number) => Value) {
  let position = 0;
  let isSkipping = true;
  for (const item of items) {
    if (isSkipping && isTruthy(fn(item, position++))) continue;
    isSkipping = false;
    yield item;
  }
}

function* concat(...parts: readonly Iterable<Value>[]) {
  for (const part of parts) yield* part;
}

function* distinct(items: Iterable<Value>, key: KeyOf) {
  const seen = new Set<unknown>();
  for (const item of items) {
    if (seen.has(key(item))) continue;
    seen.add(key(item));
    yield item;
  }
}

/** The items whose being in the other sequence is as wanted, each once. */
function* among(items: Iterable<Value>, others: Iterable<Value>, key: KeyOf, isWanted: boolean) {
  const keys = new Set([...others].map(key));
  for (const item of distinct(items, key)) if (keys.has(key(item)) === isWanted) yield item;
}

function* reverse(items: Iterable<Value>) {
  yield* [...items].reverse();
}

function* zip(source: Value, args: Args) {
  const others = walk(args.at(0), args.ev)[Symbol.iterator]();
  const fn = args.count > 1 ? args.fn(1) : undefined;
  for (const item of walk(source, args.ev)) {
    const other = others.next();
    if (other.done === true) return;
    const value: Value = other.value;
    yield fn === undefined ? tuple(item, value) : fn.call([item, value]);
  }
}

function tuple(first: Value, second: Value): RecordValue {
  return new RecordValue(
    "Tuple",
    new Map([
      ["Item1", first],
      ["Item2", second],
    ]),
  );
}

function* cast(items: Iterable<Value>, args: Args) {
  for (const item of items) yield castValue(item, args.type(), "object", false);
}

function* ofType(items: Iterable<Value>, args: Args) {
  for (const item of items) if (isInstance(item, args.type())) yield item;
}

function* defaultIfEmpty(items: Iterable<Value>, otherwise: Value) {
  let isEmpty = true;
  for (const item of items) {
    isEmpty = false;
    yield item;
  }
  if (isEmpty) yield otherwise;
}

type SortKey = {
  readonly keyOf: FunctionValue;
  readonly isDescending: boolean;
  readonly compare: (a: Value, b: Value) => number | undefined;
};

/** What OrderBy gives: ThenBy adds a key to it. */
class OrderedValue extends SequenceValue implements ObjectValue {
  readonly source: Value;
  readonly keys: readonly SortKey[];

  constructor(source: Value, keys: readonly SortKey[], args: Args) {
    super(() => sorted(source, keys, args));
    this.source = source;
    this.keys = keys;
  }
}

function* sorted(source: Value, keys: readonly SortKey[], args: Args) {
  const rows = [...walk(source, args.ev)].map((item) => ({
    item,
    keys: keys.map((key) => key.keyOf.call([item])),
  }));
  args.ev.allocate(rows.length);
  const sorted = rows.sort((a, b) => {
    args.ev.step();
    for (const [index, { isDescending, compare }] of keys.entries()) {
      const order = compare(a.keys[index] ?? null, b.keys[index] ?? null);
      if (order === undefined) throw new NotSimulated("The keys cannot be put in order.");
      if (order !== 0 && !Number.isNaN(order)) return isDescending ? -order : order;
    }
    return 0;
  });
  for (const { item } of sorted) yield item;
}

function sortKey(args: Args, isDescending: boolean): SortKey {
  const comparer = args.count > 1 ? comparerOf(args.at(1)) : undefined;
  const compare =
    comparer === undefined
      ? compareForSort
      : (a: Value, b: Value) =>
          typeof a === "string" && typeof b === "string" ? comparer.compare(a, b) : compareForSort(a, b);
  return { keyOf: args.fn(0, "keySelector"), isDescending, compare };
}

function orderBy(isDescending: boolean) {
  return (source: Value, args: Args) =>
    new OrderedValue(checked(source), [sortKey(args, isDescending)], args);
}

function thenBy(isDescending: boolean) {
  return (source: Value, args: Args) => {
    if (!(source instanceof OrderedValue)) throw new NotSimulated("ThenBy follows OrderBy only.");
    return new OrderedValue(source.source, [...source.keys, sortKey(args, isDescending)], args);
  };
}

/** Groups in the order in which their keys turn up. */
function* groupBy(source: Value, args: Args) {
  const groups = new Map<unknown, { readonly key: Value; readonly items: Value[] }>();
  const fns = args.values.filter((value) => value instanceof FunctionValue);
  const [keyFn, second, third] = fns;
  if (keyFn === undefined) throw args.refuse(0, "function");
  const isResult = second?.parameterCount === 2;
  const elementFn = isResult ? undefined : second;
  const resultFn = isResult ? second : third;
  for (const item of walk(source, args.ev)) {
    const key = keyFn.call([item]);
    const element = elementFn === undefined ? item : elementFn.call([item]);
    const group = groups.get(keyOf(key));
    if (group === undefined) groups.set(keyOf(key), { key, items: [element] });
    else group.items.push(element);
  }
  for (const { key, items } of groups.values()) {
    const grouping = new SequenceValue(() => items.values(), key);
    yield resultFn === undefined ? grouping : resultFn.call([key, grouping]);
  }
}

function* joined(source: Value, args: Args) {
  const [outerKey, innerKey, result] = [args.fn(1), args.fn(2), args.fn(3)];
  const inner = [...walk(args.at(0), args.ev)].map((item) => ({ item, key: keyOf(innerKey.call([item])) }));
  for (const item of walk(source, args.ev)) {
    const key = keyOf(outerKey.call([item]));
    for (const other of inner) {
      args.ev.step();
      if (other.key === key) yield result.call([item, other.item]);
    }
  }
}

function checked(source: Value): Value {
  if (source === null) throw argumentNull("source");
  return source;
}

function second(args: Args): Iterable<Value> {
  if (args.at(0) === null) throw argumentNull("second");
  return walk(args.at(0), args.ev);
}

function keyFrom(args: Args, index: number): KeyOf {
  const comparer = comparerOf(args.at(index));
  return comparer === undefined ? keyOf : comparer.keyOf;
}

/** A method over the items of what it is called on. */
function lazy(make: (items: () => Iterable<Value>, args: Args) => Iterator<Value>) {
  return (source: Value, args: Args) => {
    const items = () => walk(checked(source), args.ev);
    return sequence(() => make(items, args));
  };
}

defineSequenceMembers({
  Append: lazy((items, args) => concat(items(), [args.at(0)])),
  AsEnumerable: (source) => checked(source),
  Cast: lazy((items, args) => cast(items(), args)),
  Concat: lazy((items, args) => concat(items(), second(args))),
  DefaultIfEmpty: lazy((items, args) => defaultIfEmpty(items(), args.at(0))),
  Distinct: lazy((items, args) => distinct(items(), keyFrom(args, 0))),
  Except: lazy((items, args) => among(items(), second(args), keyFrom(args, 1), false)),
  GroupBy: (source, args) => sequence(() => groupBy(checked(source), args)),
  Intersect: lazy((items, args) => among(items(), second(args), keyFrom(args, 1), true)),
  Join: (source, args) => sequence(() => joined(checked(source), args)),
  OfType: lazy((items, args) => ofType(items(), args)),
  OrderBy: orderBy(false),
  OrderByDescending: orderBy(true),
  Prepend: lazy((items, args) => concat([args.at(0)], items())),
  Reverse: lazy((items) => reverse(items())),
  Select: lazy((items, args) => select(items(), itemFunction(args, 0))),
  SelectMany: (source, args) => sequence(() => selectMany(checked(source), args)),
  Skip: lazy((items, args) => skip(items(), args.int(0))),
  SkipWhile: lazy((items, args) => skipWhile(items(), itemFunction(args, 0))),
  Take: lazy((items, args) => take(items(), args.int(0))),
  TakeWhile: lazy((items, args) => takeWhile(items(), itemFunction(args, 0))),
  ThenBy: thenBy(false),
  ThenByDescending: thenBy(true),
  Union: lazy((items, args) => distinct(concat(items(), second(args)), keyFrom(args, 1))),
  Where: lazy((items, args) => where(items(), itemFunction(args, 0))),
  Zip: (source, args) => sequence(() => zip(checked(source), args)),
});
