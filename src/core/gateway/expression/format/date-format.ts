/** Dates as text, in the invariant culture. */
import { formatException } from "../errors.ts";
import { DateTimeOffsetValue } from "../values.ts";
import type { DateTimeValue } from "../values.ts";
import { partsOf } from "./calendar.ts";
import type { DateParts } from "./calendar.ts";

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const monthNames = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September"],
  ...["October", "November", "December"],
];

const standardFormats: Readonly<Record<string, string>> = {
  d: "MM/dd/yyyy",
  D: "dddd, dd MMMM yyyy",
  f: "dddd, dd MMMM yyyy HH:mm",
  F: "dddd, dd MMMM yyyy HH:mm:ss",
  g: "MM/dd/yyyy HH:mm",
  G: "MM/dd/yyyy HH:mm:ss",
  m: "MMMM dd",
  M: "MMMM dd",
  o: "yyyy-MM-ddTHH:mm:ss.fffffffK",
  O: "yyyy-MM-ddTHH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-ddTHH:mm:ss",
  t: "HH:mm",
  T: "HH:mm:ss",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: "dddd, dd MMMM yyyy HH:mm:ss",
  y: "yyyy MMMM",
  Y: "yyyy MMMM",
};

/** Standard and custom formats; FormatException for a single letter that is none. */
export function formatDate(value: DateTimeValue | DateTimeOffsetValue, format = "G"): string {
  const name = format === "" ? "G" : format;
  const isOffset = value instanceof DateTimeOffsetValue;
  if (format === "" && isOffset) return formatDate(value, "MM/dd/yyyy HH:mm:ss zzz");
  const pattern = name.length === 1 ? standardFormats[name] : name;
  if (pattern === undefined || (name === "U" && isOffset)) throw formatException();
  const isUniversal = isOffset && /^[rRu]$/.test(name);
  const ticks = isUniversal ? value.ticks - BigInt(value.offsetMinutes) * 600_000_000n : value.ticks;
  return formatCustom(partsOf(ticks), pattern, zoneText(value));
}

/** What `K` gives. */
function zoneText(value: DateTimeValue | DateTimeOffsetValue): {
  readonly k: string;
  readonly minutes: number;
} {
  if (value instanceof DateTimeOffsetValue)
    return { k: offsetText(value.offsetMinutes), minutes: value.offsetMinutes };
  return { k: value.zone === "Utc" ? "Z" : value.zone === "Local" ? "+00:00" : "", minutes: 0 };
}

function offsetText(minutes: number): string {
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(absolute / 60), 2)}:${pad(absolute % 60, 2)}`;
}

const specifier = /(y+|M+|d+|H+|h+|m+|s+|f+|F+|t+|z+|g+|K)|'([^']*)'|"([^"]*)"|\\(.)|%(?=.)|([^])/g;

function formatCustom(
  parts: DateParts,
  pattern: string,
  zone: { readonly k: string; readonly minutes: number },
): string {
  let text = "";
  for (const [, letters, single, double, escaped, other] of pattern.matchAll(specifier)) {
    if (letters === undefined) text += single ?? double ?? escaped ?? other ?? "";
    else if (letters === "K") text += zone.k;
    else if (letters.startsWith("z")) text += zonePart(zone.minutes, letters.length);
    else {
      const part = datePart(parts, letters);
      const isEmptyFraction = letters.startsWith("F") && part === "";
      text = isEmptyFraction && text.endsWith(".") ? text.slice(0, -1) : text + part;
    }
  }
  return text;
}

function zonePart(minutes: number, length: number): string {
  if (length >= 3) return offsetText(minutes);
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `${minutes < 0 ? "-" : "+"}${pad(hours, length)}`;
}

function datePart(parts: DateParts, letters: string): string {
  const length = letters.length;
  switch (letters.charAt(0)) {
    case "y":
      return length <= 2 ? pad(parts.year % 100, length) : pad(parts.year, length);
    case "M":
      return length <= 2 ? pad(parts.month, length) : named(monthNames[parts.month - 1], length);
    case "d":
      return length <= 2 ? pad(parts.day, length) : named(dayNames[parts.dayOfWeek], length);
    case "H":
      return pad(parts.hour, Math.min(length, 2));
    case "h":
      return pad(parts.hour % 12 === 0 ? 12 : parts.hour % 12, Math.min(length, 2));
    case "m":
      return pad(parts.minute, Math.min(length, 2));
    case "s":
      return pad(parts.second, Math.min(length, 2));
    case "t":
      return (parts.hour < 12 ? "AM" : "PM").slice(0, Math.min(length, 2));
    case "g":
      return "A.D.";
    default:
      return fraction(parts.fraction, letters);
  }
}

function fraction(ticks: number, letters: string): string {
  if (letters.length > 7) throw formatException();
  const digits = pad(ticks, 7).slice(0, letters.length);
  return letters.startsWith("F") ? digits.replace(/0+$/, "") : digits;
}

function named(name: string | undefined, length: number): string {
  return length === 3 ? (name ?? "").slice(0, 3) : (name ?? "");
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** As JSON has dates: fractions as far as there are any. */
export function formatIsoDate(value: DateTimeValue): string {
  return formatDate(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");
}

export function formatIsoOffset(value: DateTimeOffsetValue): string {
  return formatDate(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz");
}
