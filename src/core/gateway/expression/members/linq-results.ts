/** LINQ's methods that give a result: they walk their sequence at once. */
import { applyBinary } from "../operators.ts";
import { areSame, compareForSort, keyOf } from "../equality.ts";
import { NotSimulated, argumentNull, argumentOutOfRange, exception, invalidOperation } from "../errors.ts";
import { convertNumber, isNumeric, toNumber } from "../numbers.ts";
import { walk } from "../sequences.ts";
import { typeNameOf } from "../type-names.ts";
import {
  ArrayValue,
  DictionaryValue,
  FunctionValue,
  HashSetValue,
  ListValue,
  NumberValue,
} from "../values.ts";
import type { Value } from "../values.ts";
import { toBytesArray } from "./byte-arrays.ts";
import { comparerOf } from "./comparers.ts";
import { isTruthy } from "./linq-conditions.ts";
import { defineSequenceMembers } from "./registry.ts";
import type { Args } from "./registry.ts";

const noElements = "Sequence contains no elements";
const noMatch = "Sequence contains no matching element";

function items(source: Value, args: Args): Iterable<Value> {
  if (source === null) throw argumentNull("source");
  return walk(source, args.ev);
}

/** The items that the predicate holds for, or all. */
function* matching(source: Value, args: Args) {
  const fn = args.count > 0 ? args.fn(0) : undefined;
  for (const item of items(source, args)) if (fn === undefined || isTruthy(fn.call([item]))) yield item;
}

function first(source: Value, args: Args): Value | undefined {
  for (const item of matching(source, args)) return item;
  return undefined;
}

function last(source: Value, args: Args): Value | undefined {
  let found: Value | undefined;
  for (const item of matching(source, args)) found = item;
  return found;
}

function single(source: Value, args: Args): Value | undefined {
  let found: Value | undefined;
  for (const item of matching(source, args)) {
    if (found !== undefined) {
      throw invalidOperation(
        args.count > 0
          ? "Sequence contains more than one matching element"
          : "Sequence contains more than one element",
      );
    }
    found = item;
  }
  return found;
}

type Find = (source: Value, args: Args) => Value | undefined;

function orThrow(find: Find) {
  return (source: Value, args: Args): Value => {
    const found = find(source, args);
    if (found === undefined) throw invalidOperation(args.count > 0 ? noMatch : noElements);
    return found;
  };
}

/** The default of the element type where nothing is found: zero where the source is known to hold values. */
function orDefault(find: Find) {
  return (source: Value, args: Args): Value => find(source, args) ?? defaultElement(source);
}

function defaultElement(source: Value): Value {
  const type = source instanceof ArrayValue || source instanceof ListValue ? source.elementType : "object";
  if (type === "bool") return false;
  return /^(int|long|double|float|decimal|short|byte)$/.test(type) ? convertNumber(0, type) : null;
}

function countOf(source: Value, args: Args): number {
  return [...matching(source, args)].length;
}

function elementAt(source: Value, args: Args): Value | undefined {
  const index = args.int(0);
  let position = 0;
  for (const item of items(source, args)) {
    if (position === index) return item;
    position += 1;
  }
  return undefined;
}

/** What the selector makes of the items; null is passed over, as nullable sums do. */
function* selected(source: Value, args: Args) {
  const fn = args.count > 0 ? args.fn(0, "selector") : undefined;
  for (const item of items(source, args)) {
    const value = fn === undefined ? item : fn.call([item]);
    if (value !== null) yield value;
  }
}

function sum(source: Value, args: Args): Value {
  let total: Value | undefined;
  for (const value of selected(source, args)) {
    if (!isNumeric(value)) throw new NotSimulated(`Sum of ${typeNameOf(value)} is not simulated.`);
    total = total === undefined ? value : applyBinary("+", total, value, args.ev, true);
  }
  return total ?? 0;
}

function average(source: Value, args: Args): Value {
  let count = 0;
  let total: Value = 0;
  for (const value of selected(source, args)) {
    total = count === 0 && isNumeric(value) ? wide(value) : applyBinary("+", total, value, args.ev);
    count += 1;
  }
  if (count === 0) throw invalidOperation(noElements);
  return applyBinary("/", total, count, args.ev);
}

function wide(value: Value): Value {
  if (!isNumeric(value)) return value;
  return typeof value === "object" && value.kind === "decimal"
    ? value
    : new NumberValue("double", toNumber(value));
}

function extreme(sign: number) {
  return (source: Value, args: Args): Value => {
    let best: Value | undefined;
    for (const value of selected(source, args)) {
      const order: number | undefined = best === undefined ? sign : compareForSort(value, best);
      if (order === undefined) throw new NotSimulated("The values cannot be put in order.");
      if (Math.sign(order) === sign) best = value;
    }
    if (best === undefined) throw invalidOperation(noElements);
    return best;
  };
}

function aggregate(source: Value, args: Args): Value {
  const hasSeed = args.count > 1;
  const fn = args.fn(hasSeed ? 1 : 0, "func");
  let total: Value | undefined = hasSeed ? args.at(0) : undefined;
  for (const item of items(source, args)) total = total === undefined ? item : fn.call([total, item]);
  if (total === undefined) throw invalidOperation(noElements);
  return args.count > 2 ? args.fn(2).call([total]) : total;
}

function contains(source: Value, args: Args): boolean {
  const comparer = comparerOf(args.at(1));
  const key = comparer?.keyOf ?? keyOf;
  for (const item of items(source, args)) if (key(item) === key(args.at(0))) return true;
  return false;
}

function sequenceEqual(source: Value, args: Args): boolean {
  const others = [...items(args.at(0), args)];
  const own = [...items(source, args)];
  return own.length === others.length && own.every((item, index) => areSame(item, others[index] ?? null));
}

/** The common type of items, as far as they show it. */
function elementTypeOf(source: Value, values: readonly Value[]): string {
  if (source instanceof ArrayValue || source instanceof ListValue || source instanceof HashSetValue)
    return source.elementType;
  const [head] = values;
  if (head === undefined || head === null) return "object";
  const name = typeNameOf(head);
  return values.every((value) => value !== null && typeNameOf(value) === name) && name !== "Anonymous"
    ? name
    : "object";
}

function toArray(source: Value, args: Args): Value {
  const values = collected(source, args);
  const type = elementTypeOf(source, values);
  return type === "byte" ? toBytesArray(values) : new ArrayValue(values, type);
}

function collected(source: Value, args: Args): Value[] {
  const values = [...items(source, args)];
  args.ev.allocate(values.length);
  return values;
}

function toList(source: Value, args: Args): Value {
  const values = collected(source, args);
  return new ListValue(values, elementTypeOf(source, values));
}

function toDictionary(source: Value, args: Args): Value {
  const keyFn = args.fn(0, "keySelector");
  const valueFn = args.at(1) instanceof FunctionValue ? args.fn(1) : undefined;
  const comparer = comparerOf(args.at(args.count - 1));
  const rows = collected(source, args).map((item) => ({
    key: keyFn.call([item]),
    value: valueFn === undefined ? item : valueFn.call([item]),
  }));
  const [keyType, valueType] = [
    typeOfAll(rows.map(({ key }) => key)),
    typeOfAll(rows.map(({ value }) => value)),
  ];
  const made = new DictionaryValue(comparer?.keyOf ?? keyOf, keyType, valueType);
  for (const { key, value } of rows) {
    if (key === null) throw argumentNull("key");
    if (made.entries.has(made.keyOf(key))) {
      throw exception("ArgumentException", "An item with the same key has already been added.");
    }
    made.entries.set(made.keyOf(key), { key, value });
  }
  return made;
}

function typeOfAll(values: readonly Value[]): string {
  return elementTypeOf(null, values);
}

function toHashSet(source: Value, args: Args): Value {
  const comparer = comparerOf(args.at(0));
  const values = collected(source, args);
  const made = new HashSetValue(comparer?.keyOf ?? keyOf, elementTypeOf(source, values));
  for (const value of values) made.entries.set(made.keyOf(value), value);
  return made;
}

defineSequenceMembers({
  Aggregate: aggregate,
  All: (source, args) => {
    const fn = args.fn(0);
    for (const item of items(source, args)) if (!isTruthy(fn.call([item]))) return false;
    return true;
  },
  Any: (source, args) => first(source, args) !== undefined,
  Average: average,
  Contains: contains,
  Count: countOf,
  ElementAt: (source, args) => {
    const found = elementAt(source, args);
    if (found === undefined) throw argumentOutOfRange("index");
    return found;
  },
  ElementAtOrDefault: orDefault(elementAt),
  First: orThrow(first),
  FirstOrDefault: orDefault(first),
  Last: orThrow(last),
  LastOrDefault: orDefault(last),
  LongCount: (source, args) => BigInt(countOf(source, args)),
  Max: extreme(1),
  Min: extreme(-1),
  SequenceEqual: sequenceEqual,
  Single: orThrow(single),
  SingleOrDefault: orDefault(single),
  Sum: sum,
  ToArray: toArray,
  ToDictionary: toDictionary,
  ToHashSet: toHashSet,
  ToList: toList,
});
