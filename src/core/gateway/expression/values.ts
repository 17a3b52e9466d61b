/**
 * The values of policy expressions. .NET's most used types are JavaScript's own: null, bool, string, `int` as a number, `long`
 * as a bigint, `byte[]` as a Uint8Array. Every other value is an object that says its kind. What `context` leads to
 * (core/gateway/context.ts) is among them, so that variables can hold a response.
 */

/** A value with a kind: what its members are is looked up by it. */
export interface ObjectValue {
  readonly kind: string;
}

export type Value = null | boolean | number | bigint | string | Uint8Array | ObjectValue;

export type SmallNumberType = "byte" | "sbyte" | "short" | "ushort" | "uint" | "float" | "double";

/** A number that is neither `int`, `long`, `ulong` nor `decimal`. */
export class NumberValue implements ObjectValue {
  constructor(
    readonly kind: SmallNumberType,
    readonly value: number,
  ) {}
}

export class UlongValue implements ObjectValue {
  readonly kind = "ulong";
  constructor(readonly value: bigint) {}
}

/** `units` divided by ten to the power of `scale`; trailing zeros are kept as .NET keeps them. */
export class DecimalValue implements ObjectValue {
  readonly kind = "decimal";
  constructor(
    readonly units: bigint,
    readonly scale: number,
  ) {}
}

/** One UTF-16 unit. */
export class CharValue implements ObjectValue {
  readonly kind = "char";
  constructor(readonly code: number) {}
}

/** A member of an enumeration: `StringComparison.Ordinal`. Flags that are combined have both names. */
export class EnumValue implements ObjectValue {
  readonly kind = "enum";
  constructor(
    readonly type: string,
    readonly name: string,
    readonly value: number,
  ) {}
}

/** Ticks of 100 ns since 0001-01-01 on the clock that `zone` names. The gateway's local time is UTC. */
export class DateTimeValue implements ObjectValue {
  readonly kind = "DateTime";
  constructor(
    readonly ticks: bigint,
    readonly zone: "Utc" | "Local" | "Unspecified",
  ) {}
}

/** `ticks` on the clock that is `offsetMinutes` ahead of UTC. */
export class DateTimeOffsetValue implements ObjectValue {
  readonly kind = "DateTimeOffset";
  constructor(
    readonly ticks: bigint,
    readonly offsetMinutes: number,
  ) {}
}

export class TimeSpanValue implements ObjectValue {
  readonly kind = "TimeSpan";
  constructor(readonly ticks: bigint) {}
}

/** In lower case with hyphens. */
export class GuidValue implements ObjectValue {
  readonly kind = "Guid";
  constructor(readonly text: string) {}
}

/** `T[]` for every T but byte. */
export class ArrayValue implements ObjectValue {
  readonly kind = "Array";
  constructor(
    readonly items: Value[],
    readonly elementType = "object",
  ) {}
}

export class ListValue implements ObjectValue {
  constructor(
    readonly items: Value[],
    readonly elementType = "object",
    readonly kind: "List" | "Queue" | "Stack" = "List",
  ) {}
}

/** Gives the key under which a value is found: equal values give the same. */
export type KeyOf = (value: Value) => unknown;

/** Dictionary, IDictionary and IReadOnlyDictionary; in the order of insertion. */
export class DictionaryValue implements ObjectValue {
  readonly kind = "Dictionary";
  readonly entries = new Map<unknown, { readonly key: Value; value: Value }>();
  constructor(
    readonly keyOf: KeyOf,
    readonly keyType = "object",
    readonly valueType = "object",
  ) {}
}

export class HashSetValue implements ObjectValue {
  readonly kind = "HashSet";
  readonly entries = new Map<unknown, Value>();
  constructor(
    readonly keyOf: KeyOf,
    readonly elementType = "object",
  ) {}
}

/** Anonymous objects, tuples, key-value pairs, and the like: named values that do not change. */
export class RecordValue implements ObjectValue {
  constructor(
    readonly kind: "Anonymous" | "Tuple" | "KeyValuePair",
    readonly fields: ReadonlyMap<string, Value>,
  ) {}
}

/** What LINQ gives: run anew by everyone who walks it. `key` makes it a group. */
export class SequenceValue implements ObjectValue {
  readonly kind: "Sequence" | "Grouping";
  constructor(
    readonly iterate: () => Iterator<Value>,
    readonly key?: Value,
  ) {
    this.kind = key === undefined ? "Sequence" : "Grouping";
  }
}

/** A lambda, a method group or a local function. */
export class FunctionValue implements ObjectValue {
  readonly kind = "Function";
  constructor(
    readonly call: (args: readonly Value[]) => Value,
    readonly parameterCount: number,
  ) {}
}

/** The place that an `out` argument names. */
export class OutValue implements ObjectValue {
  readonly kind = "Out";
  constructor(
    readonly set: (value: Value) => void,
    /** The type that the argument declares, such as `int` of `out int n`. */
    readonly type: string | undefined,
  ) {}
}

export class ExceptionValue implements ObjectValue {
  readonly kind = "Exception";
  constructor(
    /** Full name, such as `System.FormatException`. */
    readonly type: string,
    readonly message: string,
    readonly inner: ExceptionValue | null = null,
  ) {}
}

/** What `GetType()` and `typeof` give: C#'s name of the type. */
export class TypeValue implements ObjectValue {
  readonly kind = "Type";
  constructor(readonly name: string) {}
}

export class StringBuilderValue implements ObjectValue {
  readonly kind = "StringBuilder";
  text = "";
}

/** An absolute or relative address; `original` is as it was given. */
export class UriValue implements ObjectValue {
  readonly kind = "Uri";
  constructor(
    readonly original: string,
    readonly absolute: UriParts | undefined,
  ) {}
}

/** Of an absolute address: `query` and `fragment` with their sign or empty, `port` -1 where the scheme has none. */
export type UriParts = {
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
};

/** `context.Variables`. */
export class VariablesValue implements ObjectValue {
  readonly kind = "Variables";
  constructor(readonly map: ReadonlyMap<string, Value>) {}
}

/** `System.Net.IPAddress`, with its text as .NET writes it. */
export class IPAddressValue implements ObjectValue {
  readonly kind = "IPAddress";
  constructor(
    readonly bytes: Uint8Array,
    readonly text: string,
  ) {}
}

/** Members are looked up by `kind` and read from `fields`: Jwt, BasicAuthCredentials and other plain facts. */
export class FactsValue implements ObjectValue {
  constructor(
    readonly kind: string,
    readonly fields: Readonly<Record<string, Value>>,
  ) {}
}

/** True for every value that is an object with a kind. */
export function isObjectValue(value: Value): value is ObjectValue {
  return typeof value === "object" && value !== null && "kind" in value;
}
