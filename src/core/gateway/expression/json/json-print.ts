/** Prints tokens as Newtonsoft does: two spaces and the line ends of Windows where it indents. */
import { printDecimal } from "../decimals.ts";
import { formatValue } from "../format/format-value.ts";
import { formatIsoDate, formatIsoOffset } from "../format/date-format.ts";
import { encodeBase64 } from "../base64.ts";
import { formatTimeSpan } from "../format/time-span.ts";
import { roundTripNumber } from "../format/number-text.ts";
import {
  DateTimeOffsetValue,
  DateTimeValue,
  DecimalValue,
  GuidValue,
  NumberValue,
  TimeSpanValue,
  UlongValue,
  UriValue,
} from "../values.ts";
import type { Value } from "../values.ts";
import { JArrayValue, JObjectValue, JPropertyValue, JScalarValue } from "./json-values.ts";
import type { JTokenValue } from "./json-values.ts";

const lineEnd = "\r\n";

export function printJson(token: JTokenValue, isIndented: boolean): string {
  const parts: string[] = [];
  print(token, isIndented ? "" : undefined, parts);
  return parts.join("");
}

function print(token: JTokenValue, indent: string | undefined, parts: string[]): void {
  if (token instanceof JScalarValue) parts.push(printScalar(token.value, token.type));
  else if (token instanceof JPropertyValue) printProperty(token, indent, parts);
  else if (token instanceof JObjectValue) printItems("{", token.properties(), "}", indent, parts);
  else if (token instanceof JArrayValue) printItems("[", token.items, "]", indent, parts);
}

function printProperty({ name, value }: JPropertyValue, indent: string | undefined, parts: string[]): void {
  parts.push(printText(name), indent === undefined ? ":" : ": ");
  print(value, indent, parts);
}

function printItems(
  open: string,
  items: readonly JTokenValue[],
  close: string,
  indent: string | undefined,
  parts: string[],
): void {
  parts.push(open);
  const inner = indent === undefined ? undefined : `${indent}  `;
  items.forEach((item, index) => {
    if (index > 0) parts.push(",");
    if (inner !== undefined) parts.push(lineEnd, inner);
    print(item, inner, parts);
  });
  if (indent !== undefined && items.length > 0) parts.push(lineEnd, indent);
  parts.push(close);
}

function printScalar(value: Value, type: string): string {
  if (type === "Raw" && typeof value === "string") return value;
  if (type === "Undefined") return "undefined";
  if (type === "Integer" && value !== null) return formatValue(value);
  if (value === null) return "null";
  if (typeof value === "string") return printText(value);
  if (typeof value !== "object") return String(value);
  return printObject(value);
}

function printObject(value: object): string {
  if (value instanceof NumberValue) return printNumber(value);
  if (value instanceof UlongValue) return String(value.value);
  if (value instanceof DecimalValue) return withPoint(printDecimal(value));
  if (value instanceof DateTimeValue) return `"${formatIsoDate(value)}"`;
  if (value instanceof DateTimeOffsetValue) return `"${formatIsoOffset(value)}"`;
  if (value instanceof GuidValue) return `"${value.text}"`;
  if (value instanceof TimeSpanValue) return `"${formatTimeSpan(value)}"`;
  if (value instanceof UriValue) return printText(value.original);
  return value instanceof Uint8Array ? `"${encodeBase64(value)}"` : "null";
}

function printNumber({ kind, value }: NumberValue): string {
  if (kind !== "double" && kind !== "float") return String(value);
  if (!Number.isFinite(value)) return `"${String(value)}"`;
  return withPoint(roundTripNumber(value, kind));
}

function withPoint(digits: string): string {
  return /[.eE]/.test(digits) ? digits : `${digits}.0`;
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" },
};

/** A text in double quotes. */
export function printText(text: string): string {
  const escaped = text.replace(
    /["\\\u0000-\u001f\u0085\u2028\u2029]/g,
    (character) => escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
