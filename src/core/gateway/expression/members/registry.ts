/** Which members values and types have here. Tables are filled by the files of this folder and read by the compiler. */
import { NotSimulated, argumentNull } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { isNumeric, toNumber } from "../numbers.ts";
import type { NumericValue } from "../numbers.ts";
import { typeNameOf } from "../type-names.ts";
import type { TypeRef } from "../type-ref.ts";
import { stepsOver } from "./work.ts";
import { FunctionValue, OutValue, isObjectValue } from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";

/** The arguments of a call, with what a method needs beside them. Reading one as what it is not refuses the call. */
export class Args {
  readonly values: readonly Value[];
  readonly types: readonly TypeRef[];
  readonly ev: Evaluation;
  readonly #name: string;

  constructor(name: string, values: readonly Value[], types: readonly TypeRef[], ev: Evaluation) {
    this.#name = name;
    this.values = values;
    this.types = types;
    this.ev = ev;
    for (const value of values) ev.step(stepsOver(value));
  }

  get count(): number {
    return this.values.length;
  }

  /** Null where there is none. */
  at(index: number): Value {
    return this.values[index] ?? null;
  }

  type(index = 0): TypeRef {
    const type = this.types[index];
    if (type === undefined)
      throw new NotSimulated(`${this.#name} without its type argument is not simulated.`);
    return type;
  }

  /** A text that must not be null: ArgumentNullException with the name of the parameter. */
  text(index: number, parameter = "value"): string {
    const text = this.textOrNull(index);
    if (text === null) throw argumentNull(parameter);
    return text;
  }

  textOrNull(index: number): string | null {
    const value = this.at(index);
    if (value === null || typeof value === "string") return value;
    throw this.refuse(index, "string");
  }

  number(index: number): NumericValue {
    const value = this.at(index);
    if (isNumeric(value)) return value;
    throw this.refuse(index, "number");
  }

  double(index: number): number {
    return toNumber(this.number(index));
  }

  int(index: number): number {
    const value = this.number(index);
    if (typeof value === "bigint" || (typeof value === "object" && /double|float|decimal/.test(value.kind))) {
      throw this.refuse(index, "int");
    }
    return toNumber(value);
  }

  bool(index: number, otherwise?: boolean): boolean {
    const value = this.at(index);
    if (typeof value === "boolean") return value;
    if (otherwise !== undefined && index >= this.count) return otherwise;
    throw this.refuse(index, "bool");
  }

  bytes(index: number, parameter = "buffer"): Uint8Array {
    const value = this.at(index);
    if (value === null) throw argumentNull(parameter);
    if (value instanceof Uint8Array) return value;
    throw this.refuse(index, "byte[]");
  }

  fn(index: number, parameter = "predicate"): FunctionValue {
    const value = this.at(index);
    if (value === null) throw argumentNull(parameter);
    if (value instanceof FunctionValue) return value;
    throw this.refuse(index, "function");
  }

  out(index: number): OutValue {
    const value = this.at(index);
    if (value instanceof OutValue) return value;
    throw this.refuse(index, "out argument");
  }

  /** The error for arguments that no overload known here takes. */
  refuse(index: number, wanted?: string): NotSimulated {
    const value = this.at(index);
    const got = value === null ? "null" : typeNameOf(value);
    const where = index >= this.count ? `${this.count} arguments` : `${got} as argument ${index + 1}`;
    return new NotSimulated(
      `${this.#name} with ${where} is not simulated${wanted === undefined ? "" : `; ${wanted} is expected`}.`,
    );
  }
}

export type Getter = (target: Value, ev: Evaluation) => Value;
export type Method = (target: Value, args: Args) => Value;

type Table = { readonly get: Map<string, Getter>; readonly call: Map<string, Method> };

const instances = new Map<string, Table>();
const statics = new Map<
  string,
  { readonly get: Map<string, (ev: Evaluation) => Value>; readonly call: Map<string, (args: Args) => Value> }
>();
const memberNames = new Set<string>();

/** The key that the members of a value are found under. */
export function kindOf(value: Exclude<Value, null>): string {
  if (isObjectValue(value)) return value.kind;
  return typeNameOf(value);
}

function tableOf(kind: string): Table {
  const known = instances.get(kind);
  if (known !== undefined) return known;
  const created: Table = { get: new Map(), call: new Map() };
  instances.set(kind, created);
  return created;
}

/** Says which members the values of some kinds have; `accepts` tells them by type. */
export function defineMembers<T extends Value>(
  kinds: readonly string[],
  accepts: (value: Value) => value is T,
  members: {
    readonly get?: Readonly<Record<string, (target: T, ev: Evaluation) => Value>>;
    readonly call?: Readonly<Record<string, (target: T, args: Args) => Value>>;
  },
): void {
  const narrow = (value: Value): T => {
    if (accepts(value)) return value;
    throw new NotSimulated("The member is not simulated for such a value.");
  };
  for (const kind of kinds) {
    const table = tableOf(kind);
    for (const [name, get] of Object.entries(members.get ?? {})) {
      memberNames.add(name);
      table.get.set(name, (target, ev) => get(narrow(target), ev));
    }
    for (const [name, call] of Object.entries(members.call ?? {})) {
      memberNames.add(name);
      table.call.set(name, (target, args) => call(narrow(target), args));
    }
  }
}

/** Says which static members a type has; `new` stands for its constructors. */
export function defineStatics(
  type: string,
  members: {
    readonly get?: Readonly<Record<string, (ev: Evaluation) => Value>>;
    readonly call?: Readonly<Record<string, (args: Args) => Value>>;
  },
): void {
  const known = statics.get(type) ?? { get: new Map(), call: new Map() };
  for (const [name, get] of Object.entries(members.get ?? {})) known.get.set(name, get);
  for (const [name, call] of Object.entries(members.call ?? {})) known.call.set(name, call);
  statics.set(type, known);
}

/** Members that every value has, or every sequence: looked at after a kind's own. */
const everyValue = tableOf("*");
const everySequence = tableOf("*sequence");

/** Methods that LINQ and its like have for every sequence. */
export function defineSequenceMembers(methods: Readonly<Record<string, Method>>): void {
  for (const [name, method] of Object.entries(methods)) {
    memberNames.add(name);
    everySequence.call.set(name, method);
  }
}

export function findGetter(kind: string, name: string): Getter | undefined {
  return instances.get(kind)?.get.get(name) ?? everyValue.get.get(name);
}

export function findMethod(kind: string, name: string): Method | undefined {
  return instances.get(kind)?.call.get(name) ?? everySequence.call.get(name) ?? everyValue.call.get(name);
}

export function findStaticGetter(type: string, name: string): ((ev: Evaluation) => Value) | undefined {
  return statics.get(type)?.get.get(name);
}

export function findStaticMethod(type: string, name: string): ((args: Args) => Value) | undefined {
  return statics.get(type)?.call.get(name);
}

export function hasStatics(type: string): boolean {
  return statics.has(type);
}

/** Whether any value has a member of this name. */
export function isMemberName(name: string): boolean {
  return memberNames.has(name);
}

export function isString(value: Value): value is string {
  return typeof value === "string";
}

/** A guard for the instances of a class. */
export function instanceOf<T extends ObjectValue>(
  type: abstract new (...args: never[]) => T,
): (value: Value) => value is T {
  return (value): value is T => value instanceof type;
}
