/** Static members of the number types, `Convert`, `Math`, `BitConverter`. */
import { decodeBase64, encodeBase64 } from "../base64.ts";
import {
  changeType,
  convertTo,
  parseInBase,
  parseText,
  printInBase,
  readText,
  roundHalfEven,
} from "../convert.ts";
import { roundDecimal } from "../decimals.ts";
import { compareNumbers } from "../equality.ts";
import { argumentOutOfRange, exception } from "../errors.ts";
import { formatValue } from "../format/format-value.ts";
import {
  convertNumber,
  isNumeric,
  numberTypeOf,
  numberTypes,
  rangeOf,
  toBigInt,
  toNumber,
  wrapInteger,
} from "../numbers.ts";
import type { NumericValue } from "../numbers.ts";
import { applyUnary } from "../operators.ts";
import { parseType } from "../type-ref.ts";
import { defaultOf } from "../conversions.ts";
import { CharValue, DecimalValue, EnumValue, NumberValue, TypeValue } from "../values.ts";
import type { Value } from "../values.ts";
import { defineStatics } from "./registry.ts";
import type { Args } from "./registry.ts";

function parse(type: string) {
  return (args: Args): Value => {
    if (args.count > 1) throw args.refuse(1);
    return parseText(type, args.textOrNull(0));
  };
}

function tryParse(type: string) {
  return (args: Args): boolean => {
    const text = args.textOrNull(0);
    const found = text === null ? undefined : readText(type, text);
    args.out(args.count - 1).set(found ?? defaultOf(parseType(type)));
    return found !== undefined;
  };
}

/** Types with `Parse` and `TryParse`. */
for (const type of [
  ...["byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"],
  ...["bool", "char", "DateTime", "DateTimeOffset", "TimeSpan", "Guid"],
]) {
  defineStatics(type, { call: { Parse: parse(type), TryParse: tryParse(type) } });
  const range = rangeOf(type);
  if (range === undefined || type === "char") continue;
  const [least, most] = range;
  defineStatics(type, {
    get: { MinValue: () => wrapInteger(type, least), MaxValue: () => wrapInteger(type, most) },
  });
}

const real = (value: number) => () => new NumberValue("double", value);

defineStatics("bool", { get: { TrueString: () => "True", FalseString: () => "False" } });
defineStatics("double", {
  get: {
    ...{
      MaxValue: real(Number.MAX_VALUE),
      MinValue: real(-Number.MAX_VALUE),
      Epsilon: real(Number.MIN_VALUE),
    },
    ...{ NaN: real(NaN), PositiveInfinity: real(Infinity), NegativeInfinity: real(-Infinity) },
  },
  call: {
    IsInfinity: (args) => Math.abs(args.double(0)) === Infinity,
    IsNaN: (args) => Number.isNaN(args.double(0)),
  },
});
defineStatics("decimal", {
  get: {
    MaxValue: () => new DecimalValue((1n << 96n) - 1n, 0),
    MinValue: () => new DecimalValue(-((1n << 96n) - 1n), 0),
    One: () => new DecimalValue(1n, 0),
    Zero: () => new DecimalValue(0n, 0),
  },
  call: {
    Round: round,
    Floor: (args) => rounded(args, Math.floor),
    Ceiling: (args) => rounded(args, Math.ceil),
    Truncate: (args) => rounded(args, Math.trunc),
  },
});

const convertTypes: Readonly<Record<string, string>> = {
  ...{ ToBoolean: "bool", ToByte: "byte", ToChar: "char", ToDateTime: "DateTime", ToDecimal: "decimal" },
  ...{
    ToDouble: "double",
    ToInt16: "short",
    ToInt32: "int",
    ToInt64: "long",
    ToSByte: "sbyte",
    ToSingle: "float",
  },
  ...{ ToUInt16: "ushort", ToUInt32: "uint", ToUInt64: "ulong" },
};

function convertMethod(type: string) {
  return (args: Args): Value => {
    const base = args.at(1);
    if (typeof base === "number") return parseInBase(type, args.text(0), base);
    return convertTo(type, args.at(0));
  };
}

function toText(args: Args): Value {
  const [value, base] = [args.at(0), args.at(1)];
  if (value === null) return typeof base === "number" ? "0" : "";
  if (typeof base === "number" && isNumeric(value)) return printInBase(value, base);
  return args.ev.text(formatValue(value));
}

function toBase64(args: Args): string {
  const bytes = args.bytes(0, "inArray");
  const part = args.count >= 3 ? bytes.slice(args.int(1), args.int(1) + args.int(2)) : bytes;
  args.ev.allocate(part.length * 2);
  args.ev.step(part.length / 16);
  return encodeBase64(part);
}

function fromBase64(args: Args): Uint8Array {
  const text = args.text(0, "s");
  args.ev.allocate(text.length);
  args.ev.step(text.length / 16);
  return decodeBase64(text);
}

defineStatics("Convert", {
  call: {
    ...Object.fromEntries(Object.entries(convertTypes).map(([name, type]) => [name, convertMethod(type)])),
    ChangeType: (args) => {
      const type = args.at(1);
      if (!(type instanceof TypeValue)) throw args.refuse(1, "Type");
      return changeType(type.name, args.at(0));
    },
    FromBase64String: fromBase64,
    ToBase64String: toBase64,
    ToString: toText,
  },
});

/** Whole results of decimals and doubles. */
function rounded(args: Args, round: (value: number) => number): Value {
  const value = args.number(0);
  if (!(value instanceof DecimalValue)) return new NumberValue("double", round(toNumber(value)));
  const whole = roundDecimal(value, 0, false).units;
  const cut = value.units / 10n ** BigInt(value.scale);
  const isExact = whole * 10n ** BigInt(value.scale) === value.units;
  if (isExact || round === Math.trunc) return new DecimalValue(cut, 0);
  const isNegative = value.units < 0n;
  if (round === Math.floor) return new DecimalValue(isNegative ? cut - 1n : cut, 0);
  return new DecimalValue(isNegative ? cut : cut + 1n, 0);
}

function round(args: Args): Value {
  const value = args.number(0);
  const places = typeof args.at(1) === "number" ? args.int(1) : 0;
  if (places < 0 || places > (value instanceof DecimalValue ? 28 : 15))
    throw argumentOutOfRange("digits", "Rounding digits must be between 0 and 15, inclusive.");
  const mode = args.values.find((item) => item instanceof EnumValue);
  const isAway = mode instanceof EnumValue && mode.name === "AwayFromZero";
  if (value instanceof DecimalValue) return roundDecimal(value, places, isAway);
  const number = toNumber(value);
  const scale = 10 ** places;
  const scaled = number * scale;
  const whole = isAway ? Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5) : roundHalfEven(scaled);
  return new NumberValue("double", Number.isFinite(scaled) ? whole / scale : number);
}

/** The larger or smaller of two, as the type that both convert to. */
function extreme(sign: number) {
  return (args: Args): Value => {
    const [a, b] = [args.number(0), args.number(1)];
    const order = compareNumbers(a, b);
    const chosen = Number.isNaN(order)
      ? Number.isNaN(toNumber(a))
        ? a
        : b
      : Math.sign(order) === sign
        ? a
        : b;
    return convertNumber(chosen, widerOf(a, b));
  };
}

function widerOf(a: NumericValue, b: NumericValue): string {
  const [first, second] = [numberTypeOf(a), numberTypeOf(b)];
  return numberTypes.indexOf(first) >= numberTypes.indexOf(second) ? first : second;
}

function absolute(args: Args): Value {
  const value = args.number(0);
  const isNegative = compareNumbers(value, 0) < 0;
  if (!isNegative) return value;
  const type = numberTypeOf(value);
  if (rangeOf(type)?.[0] === toBigInt(value) && type !== "decimal") {
    throw exception(
      "OverflowException",
      "Negating the minimum value of a twos complement number is invalid.",
    );
  }
  const negated = applyUnary("-", value);
  return isNumeric(negated) ? convertNumber(negated, type) : negated;
}

const functions: Readonly<Record<string, (value: number) => number>> = {
  ...{ Acos: Math.acos, Asin: Math.asin, Atan: Math.atan, Cos: Math.cos, Cosh: Math.cosh, Exp: Math.exp },
  ...{ Log10: Math.log10, Sin: Math.sin, Sinh: Math.sinh, Sqrt: Math.sqrt, Tan: Math.tan, Tanh: Math.tanh },
};

defineStatics("Math", {
  get: { E: real(Math.E), PI: real(Math.PI) },
  call: {
    ...Object.fromEntries(
      Object.entries(functions).map(([name, fn]) => [
        name,
        (args: Args) => new NumberValue("double", fn(args.double(0))),
      ]),
    ),
    Abs: absolute,
    Atan2: (args) => new NumberValue("double", Math.atan2(args.double(0), args.double(1))),
    Ceiling: (args) => rounded(args, Math.ceil),
    DivRem: (args) => {
      const [a, b] = [toBigInt(args.number(0)) ?? 0n, toBigInt(args.number(1)) ?? 0n];
      if (b === 0n) throw exception("DivideByZeroException", "Attempted to divide by zero.");
      const type = widerOf(args.number(0), args.number(1));
      args.out(2).set(wrapInteger(type, a % b));
      return wrapInteger(type, a / b);
    },
    Floor: (args) => rounded(args, Math.floor),
    Log: (args) =>
      new NumberValue(
        "double",
        args.count > 1 ? Math.log(args.double(0)) / Math.log(args.double(1)) : Math.log(args.double(0)),
      ),
    Max: extreme(1),
    Min: extreme(-1),
    Pow: (args) => new NumberValue("double", args.double(0) ** args.double(1)),
    Round: round,
    Sign: (args) => Math.sign(compareNumbers(args.number(0), 0)),
    Truncate: (args) => rounded(args, Math.trunc),
  },
});

const sizes: Readonly<Record<string, number>> = {
  byte: 1,
  short: 2,
  ushort: 2,
  char: 2,
  int: 4,
  uint: 4,
  long: 8,
  ulong: 8,
  float: 4,
  double: 8,
};

function bytesOf(args: Args): Uint8Array {
  const value = args.at(0);
  if (typeof value === "boolean") return Uint8Array.of(value ? 1 : 0);
  const number = args.number(0);
  const type = number instanceof CharValue ? "char" : numberTypeOf(number);
  const bytes = new Uint8Array(sizes[type] ?? 0);
  const view = new DataView(bytes.buffer);
  if (type === "double") view.setFloat64(0, toNumber(number), true);
  else if (type === "float") view.setFloat32(0, toNumber(number), true);
  else {
    let left = BigInt.asUintN(64, toBigInt(number) ?? 0n);
    for (let at = 0; at < bytes.length; at += 1, left >>= 8n) bytes[at] = Number(left & 255n);
  }
  return bytes;
}

function fromBytes(type: string) {
  return (args: Args): Value => {
    const bytes = args.bytes(0, "value");
    const start = args.int(1);
    const size = sizes[type] ?? 1;
    if (start < 0 || start >= bytes.length) throw argumentOutOfRange("startIndex");
    if (start + size > bytes.length)
      throw exception(
        "ArgumentException",
        "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
      );
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, size);
    if (type === "double") return new NumberValue("double", view.getFloat64(0, true));
    if (type === "float") return new NumberValue("float", view.getFloat32(0, true));
    let value = 0n;
    for (let at = size - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(view.getUint8(at));
    return wrapInteger(type, value);
  };
}

function hexText(args: Args): string {
  const bytes = args.bytes(0, "value");
  const start = args.count > 1 ? args.int(1) : 0;
  const part = bytes.slice(start, args.count > 2 ? start + args.int(2) : undefined);
  args.ev.allocate(part.length * 3);
  return Array.from(part, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("-");
}

defineStatics("BitConverter", {
  get: { IsLittleEndian: () => true },
  call: {
    GetBytes: bytesOf,
    ToBoolean: (args) => args.bytes(0)[args.int(1)] !== 0,
    ToDouble: fromBytes("double"),
    ToInt16: fromBytes("short"),
    ToInt32: fromBytes("int"),
    ToInt64: fromBytes("long"),
    ToSingle: fromBytes("float"),
    ToString: hexText,
    ToUInt16: fromBytes("ushort"),
    ToUInt32: fromBytes("uint"),
    ToUInt64: fromBytes("ulong"),
  },
});
