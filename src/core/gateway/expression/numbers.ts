/** C#'s numbers: which types there are, what they are promoted to, and how they are converted unchecked. */
import { decimalFromNumber, decimalToNumber, decimalTruncate } from "./decimals.ts";
import { exception } from "./errors.ts";
import { CharValue, DecimalValue, NumberValue, UlongValue } from "./values.ts";
import type { Value } from "./values.ts";

/** From narrow to wide. */
export const numberTypes = [
  "byte",
  "sbyte",
  "short",
  "ushort",
  "int",
  "uint",
  "long",
  "ulong",
  "float",
  "double",
  "decimal",
] as const;

export type NumberType = (typeof numberTypes)[number];

const numberTypeNames: ReadonlySet<string> = new Set(numberTypes);

export function isNumberType(name: string): name is NumberType {
  return numberTypeNames.has(name);
}

/** A value that arithmetic takes: numbers and characters. */
export type NumericValue = number | bigint | NumberValue | UlongValue | DecimalValue | CharValue;

export function isNumeric(value: Value): value is NumericValue {
  if (typeof value === "number" || typeof value === "bigint") return true;
  return (
    value instanceof NumberValue ||
    value instanceof DecimalValue ||
    value instanceof CharValue ||
    value instanceof UlongValue
  );
}

/** The type of a number; a character counts as `ushort`, which it converts to. */
export function numberTypeOf(value: NumericValue): NumberType {
  if (typeof value === "number") return "int";
  if (typeof value === "bigint") return "long";
  return value.kind === "char" ? "ushort" : value.kind;
}

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  byte: [0n, 255n],
  sbyte: [-128n, 127n],
  short: [-32768n, 32767n],
  ushort: [0n, 65535n],
  char: [0n, 65535n],
  int: [-2147483648n, 2147483647n],
  uint: [0n, 4294967295n],
  long: [-(1n << 63n), (1n << 63n) - 1n],
  ulong: [0n, (1n << 64n) - 1n],
};

/** The lowest and highest value of an integer type; undefined for others. */
export function rangeOf(type: string): readonly [bigint, bigint] | undefined {
  return ranges[type];
}

/** A number as JavaScript's; large ones lose digits. */
export function toNumber(value: NumericValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CharValue) return value.code;
  if (value instanceof DecimalValue) return decimalToNumber(value);
  return Number(value.value);
}

/** The whole part of a number; undefined for NaN and infinities. */
export function toBigInt(value: NumericValue): bigint | undefined {
  if (typeof value === "number") return BigInt(value);
  if (typeof value === "bigint") return value;
  if (value instanceof CharValue) return BigInt(value.code);
  if (value instanceof UlongValue) return value.value;
  if (value instanceof DecimalValue) return decimalTruncate(value);
  return Number.isFinite(value.value) ? BigInt(Math.trunc(value.value)) : undefined;
}

/** A whole number of an integer type, cut to its bits. */
export function wrapInteger(type: string, value: bigint): Value {
  switch (type) {
    case "int":
      return Number(BigInt.asIntN(32, value));
    case "long":
      return BigInt.asIntN(64, value);
    case "ulong":
      return new UlongValue(BigInt.asUintN(64, value));
    case "byte":
      return new NumberValue("byte", Number(BigInt.asUintN(8, value)));
    case "sbyte":
      return new NumberValue("sbyte", Number(BigInt.asIntN(8, value)));
    case "short":
      return new NumberValue("short", Number(BigInt.asIntN(16, value)));
    case "ushort":
      return new NumberValue("ushort", Number(BigInt.asUintN(16, value)));
    case "uint":
      return new NumberValue("uint", Number(BigInt.asUintN(32, value)));
    default:
      return new CharValue(Number(BigInt.asUintN(16, value)));
  }
}

export function isWithin(type: string, value: bigint): boolean {
  const range = ranges[type];
  return range !== undefined && value >= range[0] && value <= range[1];
}

/** What `(type)value` gives for two numeric types. Integers are cut to their bits unless checked. */
export function convertNumber(value: NumericValue, type: string, isChecked = false): Value {
  if (type === "double")
    return typeof value === "object" && value.kind === "double"
      ? value
      : new NumberValue("double", toNumber(value));
  if (type === "float") return new NumberValue("float", Math.fround(toNumber(value)));
  if (type === "decimal") return toDecimal(value);
  if (type === "int" && typeof value === "number") return value;
  const whole = toBigInt(value);
  if (whole === undefined) {
    if (isChecked) throw overflow(type);
    return wrapInteger(type, type === "long" || type === "int" ? (ranges[type]?.[0] ?? 0n) : 0n);
  }
  if ((isChecked || value instanceof DecimalValue) && !isWithin(type, whole)) throw overflow(type);
  return wrapInteger(type, whole);
}

/** A number as `decimal`; what is too large for one throws. */
export function toDecimal(value: NumericValue): DecimalValue {
  if (value instanceof DecimalValue) return value;
  if (value instanceof NumberValue && (value.kind === "double" || value.kind === "float")) {
    return decimalFromNumber(value.value, value.kind === "float" ? 7 : 15);
  }
  return new DecimalValue(toBigInt(value) ?? 0n, 0);
}

const overflowNames: Readonly<Record<string, string>> = {
  byte: "Value was either too large or too small for an unsigned byte.",
  sbyte: "Value was either too large or too small for a signed byte.",
  short: "Value was either too large or too small for an Int16.",
  ushort: "Value was either too large or too small for a UInt16.",
  int: "Value was either too large or too small for an Int32.",
  uint: "Value was either too large or too small for a UInt32.",
  long: "Value was either too large or too small for an Int64.",
  ulong: "Value was either too large or too small for a UInt64.",
  char: "Value was either too large or too small for a character.",
  decimal: "Value was either too large or too small for a Decimal.",
};

export function overflow(type?: string) {
  const named = type === undefined ? undefined : overflowNames[type];
  return exception("OverflowException", named ?? "Arithmetic operation resulted in an overflow.");
}
