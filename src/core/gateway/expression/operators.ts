/** C#'s operators over values that carry their types. */
import { calculateDecimal } from "./decimals.ts";
import { areEqual, compareValues, utcTicks } from "./equality.ts";
import { NotSimulated, exception } from "./errors.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatValue } from "./format/format-value.ts";
import {
  convertNumber,
  isNumeric,
  isWithin,
  numberTypeOf,
  overflow,
  toBigInt,
  toDecimal,
  toNumber,
  wrapInteger,
} from "./numbers.ts";
import type { NumberType, NumericValue } from "./numbers.ts";
import { typeNameOf } from "./type-names.ts";
import {
  DateTimeOffsetValue,
  DateTimeValue,
  DecimalValue,
  EnumValue,
  FunctionValue,
  NumberValue,
  TimeSpanValue,
} from "./values.ts";
import type { Value } from "./values.ts";
import { dateInRange } from "./format/calendar.ts";

/** `a op b` for every operator that evaluates both sides. Throws as .NET does. */
export function applyBinary(operator: string, a: Value, b: Value, ev: Evaluation, isChecked = false): Value {
  switch (operator) {
    case "==":
      return areEqual(a, b);
    case "!=":
      return !areEqual(a, b);
    case "<":
    case ">":
    case "<=":
    case ">=":
      return compare(operator, a, b);
    case "&":
    case "|":
    case "^":
      return combine(operator, a, b);
    case "<<":
    case ">>":
      return shift(operator, a, b);
    default:
      return calculate(operator, a, b, ev, isChecked);
  }
}

function compare(operator: string, a: Value, b: Value): boolean {
  if (a === null || b === null) return false;
  const order = compareValues(a, b);
  if (order === undefined || typeof a === "string" || typeof a === "boolean")
    throw noOperator(operator, a, b);
  if (operator === "<") return order < 0;
  if (operator === ">") return order > 0;
  return operator === "<=" ? order <= 0 : order >= 0;
}

function noOperator(operator: string, a: Value, b: Value): NotSimulated {
  const [left, right] = [a, b].map((value) => (value === null ? "null" : typeNameOf(value)));
  return new NotSimulated(`There is no \`${operator}\` for ${left} and ${right}.`);
}

function combine(operator: string, a: Value, b: Value): Value {
  if (typeof a === "boolean" && typeof b === "boolean") {
    return operator === "&" ? a && b : operator === "|" ? a || b : a !== b;
  }
  if (a instanceof EnumValue && b instanceof EnumValue) {
    const value = integerOf(operator, BigInt(a.value), BigInt(b.value));
    const isBoth = operator === "|" && a.value !== b.value;
    return new EnumValue(a.type, isBoth ? `${a.name}, ${b.name}` : a.name, Number(value));
  }
  if (!isNumeric(a) || !isNumeric(b)) {
    if (a === null || b === null) return null;
    throw noOperator(operator, a, b);
  }
  const type = promoted(a, b);
  const [x, y] = [toBigInt(a), toBigInt(b)];
  if (x === undefined || y === undefined || isReal(type)) throw noOperator(operator, a, b);
  return wrapInteger(type, integerOf(operator, x, y));
}

function integerOf(operator: string, a: bigint, b: bigint): bigint {
  return operator === "&" ? a & b : operator === "|" ? a | b : a ^ b;
}

function shift(operator: string, a: Value, b: Value): Value {
  if (!isNumeric(a) || !isNumeric(b)) throw noOperator(operator, a, b);
  const type = promoted(a, 0);
  const width = type === "long" || type === "ulong" ? 63 : 31;
  const count = BigInt(toNumber(b) & width);
  const value = toBigInt(a) ?? 0n;
  return wrapInteger(type, operator === "<<" ? value << count : value >> count);
}

function isReal(type: NumberType): boolean {
  return type === "double" || type === "float" || type === "decimal";
}

/** Binary numeric promotion (C# 7 specification, 11.4.7.3). */
function promoted(a: NumericValue, b: NumericValue): NumberType {
  const [left, right] = [numberTypeOf(a), numberTypeOf(b)];
  const has = (type: NumberType) => left === type || right === type;
  for (const type of ["decimal", "double", "float", "ulong", "long"] as const) if (has(type)) return type;
  if (!has("uint")) return "int";
  const other = left === "uint" ? right : left;
  return ["int", "short", "sbyte"].includes(other) && !isConstantLike(left === "uint" ? b : a)
    ? "long"
    : "uint";
}

/** An int beside a uint is mostly a literal, which converts when it is not negative. */
function isConstantLike(value: NumericValue): boolean {
  return typeof value === "number" && value >= 0;
}

function calculate(operator: string, a: Value, b: Value, ev: Evaluation, isChecked: boolean): Value {
  if (isNumeric(a) && isNumeric(b)) return arithmetic(operator, a, b, isChecked);
  if (operator === "+" && (typeof a === "string" || typeof b === "string")) return concatenate(a, b, ev);
  const dated = calculateTime(operator, a, b);
  if (dated !== undefined) return dated;
  if (a instanceof EnumValue && typeof b === "number") return a.value + (operator === "-" ? -b : b);
  if (a === null || b === null) {
    const other = a ?? b;
    if (
      other === null ||
      isNumeric(other) ||
      other instanceof TimeSpanValue ||
      other instanceof DateTimeValue
    )
      return null;
    return operator === "+" ? concatenate(a, b, ev) : null;
  }
  throw noOperator(operator, a, b);
}

/** Text of both, null as nothing. */
function concatenate(a: Value, b: Value, ev: Evaluation): string {
  if (a instanceof FunctionValue || b instanceof FunctionValue) throw noOperator("+", a, b);
  return ev.text((a === null ? "" : formatValue(a)) + (b === null ? "" : formatValue(b)));
}

function arithmetic(operator: string, a: NumericValue, b: NumericValue, isChecked: boolean): Value {
  const type = promoted(a, b);
  if (type === "decimal") return calculateDecimal(operator, toDecimal(a), toDecimal(b));
  if (type === "double") return new NumberValue("double", real(operator, toNumber(a), toNumber(b)));
  if (type === "float")
    return new NumberValue("float", Math.fround(real(operator, toNumber(a), toNumber(b))));
  return whole(operator, toBigInt(a) ?? 0n, toBigInt(b) ?? 0n, type, isChecked);
}

function real(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    default:
      return a % b;
  }
}

function whole(operator: string, a: bigint, b: bigint, type: NumberType, isChecked: boolean): Value {
  if (operator === "/" || operator === "%") {
    if (b === 0n) throw exception("DivideByZeroException", "Attempted to divide by zero.");
    const quotient = a / b;
    if (!isWithin(type, quotient)) throw overflow();
    return wrapInteger(type, operator === "/" ? quotient : a % b);
  }
  const result = operator === "+" ? a + b : operator === "-" ? a - b : a * b;
  if (isChecked && !isWithin(type, result)) throw overflow();
  return wrapInteger(type, result);
}

function calculateTime(operator: string, a: Value, b: Value): Value | undefined {
  const sign = operator === "-" ? -1n : 1n;
  if (operator !== "+" && operator !== "-") return undefined;
  if (a instanceof TimeSpanValue && b instanceof TimeSpanValue)
    return new TimeSpanValue(a.ticks + sign * b.ticks);
  if (a instanceof DateTimeValue && b instanceof TimeSpanValue) {
    return new DateTimeValue(dateInRange(a.ticks + sign * b.ticks), a.zone);
  }
  if (a instanceof DateTimeOffsetValue && b instanceof TimeSpanValue) {
    return new DateTimeOffsetValue(dateInRange(a.ticks + sign * b.ticks), a.offsetMinutes);
  }
  if (operator === "+") return undefined;
  if (a instanceof DateTimeValue && b instanceof DateTimeValue) return new TimeSpanValue(a.ticks - b.ticks);
  const [from, to] = [instantOf(a), instantOf(b)];
  return from === undefined || to === undefined ? undefined : new TimeSpanValue(from - to);
}

function instantOf(value: Value): bigint | undefined {
  if (value instanceof DateTimeOffsetValue) return utcTicks(value);
  return value instanceof DateTimeValue ? value.ticks : undefined;
}

/** `-a`, `+a`, `~a` and `!a`. */
export function applyUnary(operator: string, a: Value, isChecked = false): Value {
  if (operator === "!" && typeof a === "boolean") return !a;
  if (operator !== "!" && a instanceof TimeSpanValue)
    return new TimeSpanValue(operator === "-" ? -a.ticks : a.ticks);
  if (a === null) return null;
  if (!isNumeric(a) || operator === "!") throw noOperator(operator, a, a);
  const type = promoted(a, 0);
  if (operator === "+") return convertNumber(a, type);
  if (type === "decimal") {
    const { units, scale } = toDecimal(a);
    return new DecimalValue(-units, scale);
  }
  if (type === "double" || type === "float") return new NumberValue(type, -toNumber(a));
  const value = toBigInt(a) ?? 0n;
  if (operator === "~") return wrapInteger(type, ~value);
  const wide = type === "uint" ? "long" : type;
  if (isChecked && !isWithin(wide, -value)) throw overflow();
  return wrapInteger(wide, -value);
}
