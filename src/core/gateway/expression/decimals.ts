/** `System.Decimal`: 96 bits of digits and a scale up to 28, rounded half to even where digits are lost. */
import { exception } from "./errors.ts";
import { DecimalValue } from "./values.ts";

const maxUnits = (1n << 96n) - 1n;
const maxScale = 28;

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Division rounded half to even. */
function divideEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = absolute(dividend % divisor) * 2n;
  const isUp = twice > absolute(divisor) || (twice === absolute(divisor) && quotient % 2n !== 0n);
  if (!isUp) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** A decimal with as many digits as fit; throws OverflowException when the whole part does not. */
function fitDecimal(units: bigint, scale: number): DecimalValue {
  let fitted = units;
  let left = scale;
  if (left > maxScale) {
    fitted = divideEven(fitted, power(left - maxScale));
    left = maxScale;
  }
  for (; absolute(fitted) > maxUnits; left -= 1) {
    if (left === 0)
      throw exception("OverflowException", "Value was either too large or too small for a Decimal.");
    fitted = divideEven(fitted, 10n);
  }
  return new DecimalValue(fitted, left);
}

function aligned(a: DecimalValue, b: DecimalValue): { a: bigint; b: bigint; scale: number } {
  const scale = Math.max(a.scale, b.scale);
  return { a: a.units * power(scale - a.scale), b: b.units * power(scale - b.scale), scale };
}

export function calculateDecimal(operator: string, left: DecimalValue, right: DecimalValue): DecimalValue {
  const { a, b, scale } = aligned(left, right);
  switch (operator) {
    case "+":
      return fitDecimal(a + b, scale);
    case "-":
      return fitDecimal(a - b, scale);
    case "*":
      return fitDecimal(left.units * right.units, left.scale + right.scale);
    default:
      if (b === 0n) throw exception("DivideByZeroException", "Attempted to divide by zero.");
      return operator === "%" ? fitDecimal(a % b, scale) : divide(a, b, left.scale - right.scale);
  }
}

/** The quotient without trailing zeros beyond the scale that the operands give. */
function divide(a: bigint, b: bigint, preferred: number): DecimalValue {
  let { units, scale } = fitDecimal(divideEven(a * power(maxScale), b), maxScale);
  while (scale > Math.max(0, preferred) && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return new DecimalValue(units, scale);
}

export function compareDecimals(left: DecimalValue, right: DecimalValue): number {
  const { a, b } = aligned(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function decimalTruncate({ units, scale }: DecimalValue): bigint {
  return units / power(scale);
}

export function decimalToNumber(value: DecimalValue): number {
  return Number(printDecimal(value));
}

/** A double or float rounded to the digits that .NET keeps of it. */
export function decimalFromNumber(value: number, digits: number): DecimalValue {
  const parsed = Number.isFinite(value) ? parseDecimal(value.toExponential(digits - 1)) : undefined;
  if (parsed === undefined)
    throw exception("OverflowException", "Value was either too large or too small for a Decimal.");
  let { units, scale } = parsed;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return new DecimalValue(units, scale);
}

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Reads digits with an optional point and exponent; undefined for other text, OverflowException for too much. */
export function parseDecimal(text: string): DecimalValue | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = decimalText.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "" || whole.length + fraction.length > 400) return undefined;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  if (scale > 400) return new DecimalValue(0n, maxScale);
  return scale < 0 ? fitDecimal(units * power(Math.min(-scale, 400)), 0) : fitDecimal(units, scale);
}

/** Digits with as many places as the value has. */
export function printDecimal({ units, scale }: DecimalValue): string {
  const digits = absolute(units)
    .toString()
    .padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** Rounded to a number of places; halves to even, or away from zero. */
export function roundDecimal(value: DecimalValue, places: number, isAwayFromZero: boolean): DecimalValue {
  if (value.scale <= places) return value;
  const divisor = power(value.scale - places);
  if (!isAwayFromZero) return new DecimalValue(divideEven(value.units, divisor), places);
  const half = (divisor / 2n) * (value.units < 0n ? -1n : 1n);
  return new DecimalValue((value.units + half) / divisor, places);
}
