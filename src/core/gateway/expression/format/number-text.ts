/** Numbers as text: the general and the round-trip form, standard and custom formats, all in the invariant culture. */
import { parseDecimal, printDecimal, roundDecimal } from "../decimals.ts";
import { formatException } from "../errors.ts";
import { toBigInt } from "../numbers.ts";
import type { NumericValue } from "../numbers.ts";
import { DecimalValue, NumberValue } from "../values.ts";
import { formatCustomNumber } from "./custom-number.ts";

/** Digits and exponent as .NET writes them: `1E+20`, `1.5E-05`. */
function withExponent(mantissa: string, exponent: number, letter: string, width: number): string {
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}${letter}${sign}${String(Math.abs(exponent)).padStart(width, "0")}`;
}

/** At most so many significant digits, with an exponent where the number is very large or small. */
function general(value: number, digits: number, letter = "E"): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  if (value === 0) return Object.is(value, -0) ? "0" : "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  const shown = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  if (exponent >= digits || exponent < -4) return withExponent(shown, exponent, letter, 2);
  return plainDigits(shown, exponent);
}

function plainDigits(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === "" ? "" : `.${fraction}`);
}

function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? "Infinity" : "-Infinity";
}

/** The shortest text that gives the number again. */
export function roundTripNumber(value: number, kind: "double" | "float"): string {
  const short = general(value, kind === "double" ? 15 : 7);
  const isExact = kind === "double" ? Number(short) === value : Math.fround(Number(short)) === value;
  if (isExact || Number.isNaN(value)) return short;
  const [mantissa = "", exponentText = "0"] = value.toExponential(kind === "double" ? 16 : 8).split("e");
  const shown = mantissa.replace(/\.?0+$/, "");
  const exponent = Number(exponentText);
  return exponent >= 15 || exponent < -4
    ? withExponent(shown, exponent, "E", 2)
    : plainDigits(shown, exponent);
}

/** `ToString()` of a number. The .NET Framework shows 15 digits of a double and 7 of a float. */
export function formatNumber(value: NumericValue, format = ""): string {
  const [, letter, digits] = /^([A-Za-z])(\d{0,9})$/.exec(format) ?? [];
  if (format === "") return plainNumber(value);
  if (letter === undefined) return formatCustomNumber(exactDecimal(value), format);
  const precision = digits === undefined || digits === "" ? undefined : Number(digits);
  if (precision !== undefined && precision > 1_000) throw formatException("Format specifier was invalid.");
  const special = isReal(value) ? specialText(value.value) : undefined;
  return special ?? formatStandard(value, letter, precision);
}

function isReal(value: NumericValue): value is NumberValue {
  return value instanceof NumberValue && (value.kind === "double" || value.kind === "float");
}

function plainNumber(value: NumericValue): string {
  if (isReal(value)) return general(value.value, value.kind === "double" ? 15 : 7);
  return value instanceof DecimalValue ? printDecimal(value) : String(toBigInt(value));
}

/** All digits that .NET formats a number with. */
function exactDecimal(value: NumericValue): { readonly isNegative: boolean; readonly digits: string } {
  let text: string;
  if (!isReal(value)) text = plainNumber(value);
  else {
    const [mantissa = "0", exponent = "0"] = value.value
      .toExponential(value.kind === "double" ? 14 : 6)
      .split("e");
    text = plainDigits(mantissa, Number(exponent));
  }
  return { isNegative: text.startsWith("-"), digits: text.replace("-", "") };
}

function formatStandard(value: NumericValue, letter: string, precision: number | undefined): string {
  const { isNegative, digits } = exactDecimal(value);
  const sign = (text: string) => (isNegative && /[1-9]/.test(text) ? `-${text}` : text);
  switch (letter.toUpperCase()) {
    case "F":
      return sign(fixed(digits, precision ?? 2));
    case "N":
      return sign(grouped(fixed(digits, precision ?? 2)));
    case "C": {
      const text = `\u00a4${grouped(fixed(digits, precision ?? 2))}`;
      return isNegative ? `(${text})` : text;
    }
    case "P":
      return sign(`${grouped(fixed(shiftPoint(digits, 2), precision ?? 2))} %`);
    case "E":
      return exponential(value, precision ?? 6, letter);
    case "D":
    case "X":
      return formatInteger(value, letter, precision ?? 1);
    case "R":
      return isReal(value) && (value.kind === "double" || value.kind === "float")
        ? roundTripNumber(value.value, value.kind)
        : plainNumber(value);
    case "G":
      return precision === undefined || precision === 0
        ? plainNumber(value)
        : general(Number(plainNumber(value)), precision, letter === "g" ? "e" : "E");
    default:
      throw formatException("Format specifier was invalid.");
  }
}

function exponential(value: NumericValue, precision: number, letter: string): string {
  const [mantissa = "", exponent = "0"] = Number(plainNumber(value))
    .toExponential(Math.min(precision, 100))
    .split("e");
  return withExponent(mantissa, Number(exponent), letter, 3);
}

function formatInteger(value: NumericValue, letter: string, precision: number): string {
  if (isReal(value) || value instanceof DecimalValue) throw formatException("Format specifier was invalid.");
  const whole = toBigInt(value) ?? 0n;
  if (letter.toUpperCase() === "D") {
    const digits = (whole < 0n ? -whole : whole).toString().padStart(precision, "0");
    return whole < 0n ? `-${digits}` : digits;
  }
  const width =
    typeof value === "bigint"
      ? 64
      : value instanceof NumberValue && /byte/.test(value.kind)
        ? 8
        : value instanceof NumberValue && /short/.test(value.kind)
          ? 16
          : 32;
  const hex = BigInt.asUintN(whole < 0n ? width : 64, whole)
    .toString(16)
    .padStart(precision, "0");
  return letter === "X" ? hex.toUpperCase() : hex;
}

/** Rounded half away from zero to so many places. */
export function fixed(digits: string, places: number): string {
  const parsed = parseDecimalText(digits);
  const rounded = roundDecimal(parsed, places, true);
  const text = printDecimal(rounded);
  const [whole = "0", fraction = ""] = text.split(".");
  return places === 0 ? whole : `${whole}.${fraction.padEnd(places, "0")}`;
}

/** Digits of any length: unlike a decimal's they are not cut. */
function parseDecimalText(digits: string): DecimalValue {
  const [whole = "0", fraction = ""] = digits.split(".");
  if (whole.length + fraction.length <= 28) return parseDecimal(digits) ?? new DecimalValue(0n, 0);
  return new DecimalValue(BigInt(whole + fraction), fraction.length);
}

export function shiftPoint(digits: string, places: number): string {
  const [whole = "0", fraction = ""] = digits.split(".");
  const padded = fraction.padEnd(places, "0");
  const shifted = `${whole}${padded.slice(0, places)}`.replace(/^0+(?=\d)/, "");
  return padded.length === places ? shifted : `${shifted}.${padded.slice(places)}`;
}

export function grouped(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
