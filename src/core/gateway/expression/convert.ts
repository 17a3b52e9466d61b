/** `System.Convert`, `Parse` and `TryParse`: values to other types with rounding and checks, as opposed to casts. */
import { parseDecimal, roundDecimal } from "./decimals.ts";
import { argumentNull, exception, formatException, invalidCast } from "./errors.ts";
import { formatValue } from "./format/format-value.ts";
import { parseDate, parseDateOffset } from "./format/date-parse.ts";
import { parseTimeSpan } from "./format/time-span.ts";
import {
  convertNumber,
  isNumeric,
  isNumberType,
  isWithin,
  overflow,
  toBigInt,
  toNumber,
  wrapInteger,
} from "./numbers.ts";
import type { NumericValue } from "./numbers.ts";
import { fullTypeName, typeNameOf } from "./type-names.ts";
import { CharValue, DateTimeValue, DecimalValue, EnumValue, GuidValue, NumberValue } from "./values.ts";
import type { Value } from "./values.ts";

/** `Convert.ToX(value)`: null becomes the type's zero, texts are parsed, fractions rounded half to even. */
export function convertTo(type: string, value: Value): Value {
  if (type === "string") return value === null ? "" : formatValue(value);
  if (value === null) return zeroOf(type);
  if (type === "bool") return toBoolean(value);
  if (type === "DateTime") return toDate(value);
  if (type === "char") return toCharacter(value);
  if (typeof value === "string") return parseNumber(type, value);
  if (typeof value === "boolean") return convertNumber(value ? 1 : 0, type);
  if (value instanceof EnumValue) return convertChecked(value.value, type);
  if (isNumeric(value)) return convertChecked(value, type);
  throw noConversion(value, type);
}

function zeroOf(type: string): Value {
  if (type === "bool") return false;
  if (type === "DateTime") return new DateTimeValue(0n, "Unspecified");
  return type === "char" ? new CharValue(0) : convertNumber(0, type);
}

function noConversion(value: Exclude<Value, null>, type: string) {
  const own = typeNameOf(value);
  const isPlain = ["bool", "char", "DateTime"].includes(own) || isNumberType(own);
  return invalidCast(
    isPlain
      ? `Invalid cast from '${shortName(own)}' to '${shortName(type)}'.`
      : `Unable to cast object of type '${fullTypeName(own)}' to type 'System.IConvertible'.`,
  );
}

function shortName(type: string): string {
  return fullTypeName(type).replace("System.", "");
}

/** To a number type, rounding half to even; OverflowException for what does not fit. */
function convertChecked(value: NumericValue, type: string): Value {
  if (type === "double" || type === "float" || type === "decimal") return convertNumber(value, type);
  const whole = roundedWhole(value);
  if (whole === undefined || !isWithin(type, whole)) throw overflow(type);
  return wrapInteger(type, whole);
}

function roundedWhole(value: NumericValue): bigint | undefined {
  if (value instanceof DecimalValue) return roundDecimal(value, 0, false).units;
  if (!(value instanceof NumberValue) || Number.isInteger(value.value)) return toBigInt(value);
  return Number.isFinite(value.value) ? BigInt(roundHalfEven(value.value)) : undefined;
}

/** To the nearest whole number; halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  return rest > 0.5 || floor % 2 !== 0 ? floor + 1 : floor;
}

function toBoolean(value: Exclude<Value, null>): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return parseBoolean(value);
  if (isNumeric(value) && !(value instanceof CharValue)) return toNumber(value) !== 0;
  throw noConversion(value, "bool");
}

function parseBoolean(text: string): boolean {
  const parsed = readBoolean(text);
  if (parsed === undefined) throw formatException("String was not recognized as a valid Boolean.");
  return parsed;
}

function readBoolean(text: string): boolean | undefined {
  const word = text.replace(/^[\s\0]+|[\s\0]+$/g, "").toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function toDate(value: Exclude<Value, null>): Value {
  if (value instanceof DateTimeValue) return value;
  if (typeof value === "string") return parseText("DateTime", value);
  throw noConversion(value, "DateTime");
}

function toCharacter(value: Exclude<Value, null>): Value {
  if (value instanceof CharValue) return value;
  if (typeof value === "string") return parseText("char", value);
  if (isNumeric(value) && !(value instanceof DecimalValue)) return convertChecked(value, "char");
  throw noConversion(value, "char");
}

/** `T.Parse(text)` for every type that has it. */
export function parseText(type: string, text: string | null): Value {
  if (text === null) throw argumentNull(type === "bool" ? "value" : type === "Guid" ? "input" : "String");
  if (isNumberType(type)) return parseNumber(type, text);
  const parsed = readText(type, text);
  if (parsed === undefined) throw formatException(parseMessages[type]);
  return parsed;
}

const parseMessages: Readonly<Record<string, string>> = {
  bool: "String was not recognized as a valid Boolean.",
  char: "String must be exactly one character long.",
  DateTime: "String was not recognized as a valid DateTime.",
  DateTimeOffset: "String was not recognized as a valid DateTime.",
  Guid: "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).",
  TimeSpan: "String was not recognized as a valid TimeSpan.",
};

/** What `TryParse` finds in a text; undefined when it finds none. */
export function readText(type: string, text: string): Value | undefined {
  switch (type) {
    case "bool":
      return readBoolean(text);
    case "char":
      return text.length === 1 ? new CharValue(text.charCodeAt(0)) : undefined;
    case "DateTime":
      return parseDate(text);
    case "DateTimeOffset":
      return parseDateOffset(text);
    case "TimeSpan":
      return parseTimeSpan(text);
    case "Guid":
      return readGuid(text);
    default:
      return readNumber(type, text);
  }
}

function readGuid(text: string): GuidValue | undefined {
  const plain = text.trim().replace(/^\{(.*)\}$|^\((.*)\)$/, "$1$2");
  const digits = /^[0-9a-f]{32}$/i.test(plain)
    ? plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
    : plain;
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(digits)
    ? new GuidValue(digits.toLowerCase())
    : undefined;
}

const integerText = /^\s*([+-]?)(\d{1,400})\s*\0*$/;
const realText = /^\s*([+-]?)((?:\d[\d,]*)?\.?\d*(?:[eE][+-]?\d{1,4})?)\s*$/;

/** Throws FormatException for text that is no number, and OverflowException for one that is too large. */
function parseNumber(type: string, text: string): Value {
  const { value, isTooLarge } = readNumberText(type, text);
  if (value !== undefined) return value;
  throw isTooLarge ? overflow(type) : formatException();
}

function readNumber(type: string, text: string): Value | undefined {
  return readNumberText(type, text).value;
}

/** Without a value the text is no number, or one that the type cannot hold. */
type ReadNumber = { readonly value: Value | undefined; readonly isTooLarge: boolean };

const noNumber: ReadNumber = { value: undefined, isTooLarge: false };
const tooLarge: ReadNumber = { value: undefined, isTooLarge: true };

function readNumberText(type: string, text: string): ReadNumber {
  if (type === "double" || type === "float") return readReal(type, text);
  if (type === "decimal") return readDecimal(text);
  const [, sign, digits] = integerText.exec(text) ?? [];
  if (digits === undefined) return noNumber;
  const value = BigInt(digits) * (sign === "-" ? -1n : 1n);
  return isWithin(type, value) ? { value: wrapInteger(type, value), isTooLarge: false } : tooLarge;
}

const specialNumbers = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

function readReal(type: "double" | "float", text: string): ReadNumber {
  const special = specialNumbers.get(text.trim());
  const [, sign, digits = ""] = realText.exec(text) ?? [];
  const isNumber = sign !== undefined && /\d/.test(digits) && !/^e/i.test(digits);
  if (special === undefined && !isNumber) return noNumber;
  const value = special ?? Number(`${sign ?? ""}${digits.replaceAll(",", "")}`);
  return { value: new NumberValue(type, type === "float" ? Math.fround(value) : value), isTooLarge: false };
}

function readDecimal(text: string): ReadNumber {
  const [, sign, digits = ""] = realText.exec(text) ?? [];
  if (sign === undefined || !/\d/.test(digits) || /e/i.test(digits)) return noNumber;
  try {
    return { value: parseDecimal(sign + digits.replaceAll(",", "")), isTooLarge: false };
  } catch {
    return tooLarge;
  }
}

/** `Convert.ChangeType`: as `convertTo`, but null has no number in it. */
export function changeType(type: string, value: Value): Value {
  if (value === null) {
    if (type === "string") return null;
    throw invalidCast("Null object cannot be converted to a value type.");
  }
  if (value instanceof GuidValue || (type === "Guid" && typeof value === "string")) {
    throw invalidCast(`Invalid cast from '${fullTypeName(typeNameOf(value))}' to '${fullTypeName(type)}'.`);
  }
  return convertTo(type, value);
}

/** A number written in base 2, 8 or 16; two's complement of the type's width. */
export function parseInBase(type: string, text: string, base: number): Value {
  if (![2, 8, 10, 16].includes(base)) throw exception("ArgumentException", "Invalid Base.");
  if (base === 10) return parseNumber(type, text);
  const digits = base === 16 ? text.replace(/^0[xX]/, "") : text;
  const pattern = base === 16 ? /^[0-9a-f]{1,16}$/i : base === 8 ? /^[0-7]{1,22}$/ : /^[01]{1,64}$/;
  if (!pattern.test(digits)) throw formatException("Could not find any recognizable digits.");
  const value = BigInt(`${base === 16 ? "0x" : base === 8 ? "0o" : "0b"}${digits}`);
  const width = { byte: 8n, sbyte: 8n, short: 16n, ushort: 16n, int: 32n, uint: 32n }[type] ?? 64n;
  if (value >= 1n << width) throw overflow(type);
  return wrapInteger(type, value);
}

/** A whole number in base 2, 8 or 16. */
export function printInBase(value: NumericValue, base: number): string {
  if (![2, 8, 10, 16].includes(base)) throw exception("ArgumentException", "Invalid Base.");
  const whole = toBigInt(value) ?? 0n;
  if (base === 10 || whole >= 0n) return whole.toString(base);
  const width =
    typeof value === "bigint" ? 64 : value instanceof NumberValue && value.kind === "short" ? 16 : 32;
  return BigInt.asUintN(width, whole).toString(base);
}
