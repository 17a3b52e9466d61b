/** `ToString()` of every value, in the invariant culture. */
import { EvaluationLimit, NotSimulated, formatException } from "../errors.ts";
import { printJson } from "../json/json-print.ts";
import { JScalarValue, JTokenValue } from "../json/json-values.ts";
import { HeaderMap, printUrl } from "../../message.ts";
import type { GatewayUrl } from "../../message.ts";
import { isNumeric } from "../numbers.ts";
import { fullTypeName, typeNameOf } from "../type-names.ts";
import {
  CharValue,
  DateTimeOffsetValue,
  DateTimeValue,
  EnumValue,
  ExceptionValue,
  GuidValue,
  IPAddressValue,
  RecordValue,
  StringBuilderValue,
  TimeSpanValue,
  TypeValue,
  UriValue,
} from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";
import { printXml } from "../xml/xml-print.ts";
import {
  XAttributeValue,
  XContainerValue,
  XNameValue,
  XNamespaceValue,
  XTextValue,
} from "../xml/xml-values.ts";
import { RegexCapture, RegexValue } from "../regex-values.ts";
import { formatDate } from "./date-format.ts";
import { formatNumber } from "./number-text.ts";
import { formatTimeSpan } from "./time-span.ts";

/** The value as text. A format is taken where .NET takes one, and passed over elsewhere. */
export function formatValue(value: Exclude<Value, null>, format = ""): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" && format === "") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return formatNumber(value, format);
  return value instanceof Uint8Array ? "System.Byte[]" : formatObject(value, format);
}

function formatObject(value: ObjectValue, format: string): string {
  if (value instanceof CharValue) return String.fromCharCode(value.code);
  if (isNumeric(value)) return formatNumber(value, format);
  if (value instanceof DateTimeValue || value instanceof DateTimeOffsetValue)
    return formatDate(value, format);
  if (value instanceof TimeSpanValue) return formatTimeSpan(value, format);
  if (value instanceof GuidValue) return formatGuid(value.text, format);
  if (value instanceof EnumValue) return /^[dD]$/.test(format) ? String(value.value) : value.name;
  if (value instanceof JTokenValue) return formatToken(value, format);
  if (value instanceof StringBuilderValue) return value.text;
  if (value instanceof UriValue) return value.original;
  if (value instanceof TypeValue) return fullTypeName(value.name);
  if (value instanceof ExceptionValue) return `${value.type}: ${value.message}`;
  if (value instanceof RecordValue) return formatRecord(value);
  if (value instanceof RegexCapture) return value.value;
  if (value instanceof RegexValue) return value.pattern;
  if (value instanceof XNameValue) return value.text;
  if (value instanceof XNamespaceValue) return value.uri;
  if (value instanceof XContainerValue || value instanceof XTextValue || value instanceof XAttributeValue)
    return printXml(value, true);
  if (isUrl(value)) return printUrl(value);
  if (value instanceof IPAddressValue) return value.text;
  return otherText(value);
}

function isUrl(value: ObjectValue): value is GatewayUrl {
  return value.kind === "IUrl";
}

function otherText(value: ObjectValue): string {
  const name = typeNameOf(value);
  if (value instanceof HeaderMap || /^I[A-Z]/.test(name)) {
    throw new NotSimulated(`What ToString() gives for ${name} is not known.`);
  }
  return fullTypeName(name);
}

function formatToken(token: JTokenValue, format: string): string {
  if (!(token instanceof JScalarValue)) return printJson(token, true);
  const { value } = token;
  return value === null ? "" : formatValue(value, format);
}

/** Tuples of tuples double with every level. */
const maxRecordText = 100_000;

function formatRecord({ kind, fields }: RecordValue): string {
  const texts = [...fields].map(([name, value]): [string, string] => [
    name,
    value === null ? "" : formatValue(value),
  ]);
  if (texts.some(([, text]) => text.length > maxRecordText)) {
    throw new EvaluationLimit(
      `Texts of more than ${maxRecordText} characters are not put into others this way.`,
    );
  }
  if (kind === "Anonymous") return `{ ${texts.map(([name, text]) => `${name} = ${text}`).join(", ")} }`;
  const joined = texts.map(([, text]) => text).join(", ");
  return kind === "Tuple" ? `(${joined})` : `[${joined}]`;
}

function formatGuid(text: string, format: string): string {
  switch (format.toUpperCase()) {
    case "":
    case "D":
      return text;
    case "N":
      return text.replaceAll("-", "");
    case "B":
      return `{${text}}`;
    case "P":
      return `(${text})`;
    default:
      throw formatException('Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".');
  }
}
