/** When values are the same: `==`, `Equals`, keys of dictionaries, and order. */
import { compareDecimals, printDecimal } from "./decimals.ts";
import { EvaluationLimit, NotSimulated } from "./errors.ts";
import { JContainerValue, JScalarValue, isJToken } from "./json/json-values.ts";
import { isNumeric, numberTypeOf, toBigInt, toDecimal, toNumber } from "./numbers.ts";
import type { NumericValue } from "./numbers.ts";
import { typeNameOf } from "./type-names.ts";
import {
  CharValue,
  DateTimeOffsetValue,
  DateTimeValue,
  DecimalValue,
  EnumValue,
  GuidValue,
  IPAddressValue,
  NumberValue,
  RecordValue,
  TimeSpanValue,
  TypeValue,
  UlongValue,
  UriValue,
  isObjectValue,
} from "./values.ts";
import type { KeyOf, Value } from "./values.ts";
import { XNameValue, XNamespaceValue } from "./xml/xml-values.ts";

/** Under which a value is found among others; the same for all that `Equals` takes for equal. */
export const keyOf: KeyOf = (value) => {
  if (!isObjectValue(value)) return value;
  const text = keyText(value);
  return text === undefined ? value : `\u0000${value.kind}:${text}`;
};

/** Records of records double with every level. */
const maxKeyLength = 100_000;

function keyText(value: Value & object): string | undefined {
  if (value instanceof NumberValue || value instanceof UlongValue) return String(value.value);
  if (value instanceof CharValue) return String(value.code);
  if (value instanceof DecimalValue)
    return printDecimal(value)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, "");
  if (value instanceof EnumValue) return `${value.type}.${value.value}`;
  if (value instanceof DateTimeValue || value instanceof TimeSpanValue) return String(value.ticks);
  if (value instanceof DateTimeOffsetValue) return String(utcTicks(value));
  if (value instanceof GuidValue) return value.text;
  if (value instanceof TypeValue) return value.name;
  if (value instanceof UriValue) return value.original;
  if (value instanceof IPAddressValue) return value.bytes.join(".");
  if (value instanceof XNameValue) return `{${value.namespace}}${value.local}`;
  if (value instanceof XNamespaceValue) return value.uri;
  if (value instanceof RecordValue) {
    const text = [...value.fields.values()].map((field) => `${typeof field}${keyPart(field)}`).join("\u0000");
    if (text.length > maxKeyLength) throw new EvaluationLimit("A key holds too much.");
    return text;
  }
  if (value instanceof JScalarValue) return `${value.type}${keyPart(value.value)}`;
  return undefined;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function keyPart(value: Value): string {
  const key = keyOf(value);
  if (typeof key !== "object" || key === null) return String(key);
  const known = identities.get(key);
  if (known !== undefined) return `#${known}`;
  lastIdentity += 1;
  identities.set(key, lastIdentity);
  return `#${lastIdentity}`;
}

export const keyIgnoringCase: KeyOf = (value) =>
  typeof value === "string" ? value.toUpperCase() : keyOf(value);

/** What `Equals` of boxed values says: types count. */
export function areSame(a: Value, b: Value): boolean {
  return keyOf(a) === keyOf(b) && (a === null) === (b === null);
}

export function utcTicks({ ticks, offsetMinutes }: DateTimeOffsetValue): bigint {
  return ticks - BigInt(offsetMinutes) * 600_000_000n;
}

/** What `==` says of two values whose types are their own. */
export function areEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) === 0;
  if (typeof a === "string" || typeof b === "string") return sameText(a, b);
  if (isJToken(a) || isJToken(b)) {
    if (isJToken(a) && isJToken(b)) return false;
    throw new NotSimulated(`C# has no \`==\` for ${typeNameOf(a)} and ${typeNameOf(b)}.`);
  }
  return isComparedByValue(a) && isComparedByValue(b) && areSame(a, b);
}

function sameText(a: Value, b: Value): boolean {
  const [text, other] = typeof a === "string" ? [a, b] : [typeof b === "string" ? b : "", a];
  // Names of XML convert from text; between a JToken and a text the references are compared.
  if (other instanceof XNameValue) return areEqual(other, XNameValue.from(text));
  if (other === null || isJToken(other) || typeof other === "string") return false;
  if (isObjectValue(other) && !isComparedByValue(other)) return false;
  throw new NotSimulated(`C# has no \`==\` for string and ${typeNameOf(other)}.`);
}

function isComparedByValue(value: Value): boolean {
  if (!isObjectValue(value)) return !(value instanceof Uint8Array);
  if (value instanceof RecordValue) return value.kind === "Tuple";
  return !(value instanceof JContainerValue) && keyText(value) !== undefined;
}

const collator = new Intl.Collator("en", { sensitivity: "variant" });
const collatorIgnoringCase = new Intl.Collator("en", { sensitivity: "accent" });

/** Order of texts in the invariant culture. */
export function compareText(a: string, b: string, ignoreCase = false): number {
  if (a === b) return 0;
  return Math.sign((ignoreCase ? collatorIgnoringCase : collator).compare(a, b));
}

export function compareOrdinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** NaN where one of them is not a number. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const types = [numberTypeOf(a), numberTypeOf(b)];
  if (types.includes("double") || types.includes("float")) {
    const [x, y] = [toNumber(a), toNumber(b)];
    return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
  }
  if (types.includes("decimal")) return compareDecimals(toDecimal(a), toDecimal(b));
  const [x, y] = [toBigInt(a) ?? 0n, toBigInt(b) ?? 0n];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Negative, zero or positive; undefined when the values have no order between them. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  const [x, y] = [orderOf(a), orderOf(b)];
  if (x === undefined || y === undefined || typeof x !== typeof y) return undefined;
  return x < y ? -1 : x > y ? 1 : 0;
}

function orderOf(value: Value): bigint | string | undefined {
  if (value instanceof DateTimeValue || value instanceof TimeSpanValue) return value.ticks;
  if (value instanceof DateTimeOffsetValue) return utcTicks(value);
  if (value instanceof EnumValue) return BigInt(value.value);
  if (value instanceof GuidValue) return value.text;
  return undefined;
}

/** Order for sorting, as `Comparer<T>.Default` has it: null comes first. Undefined when there is none. */
export function compareForSort(a: Value, b: Value): number | undefined {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (a instanceof JScalarValue && b instanceof JScalarValue) return compareForSort(a.value, b.value);
  return compareValues(a, b);
}
