/** Text to dates: ISO 8601 as JSON has it, and what `DateTime.Parse` takes in the invariant culture. */
import { DateTimeOffsetValue, DateTimeValue } from "../values.ts";
import { maxTicks, ticksOf } from "./calendar.ts";
import { monthNames } from "./date-format.ts";

/** A moment on some clock, and how far that is ahead of UTC where the text says so. */
type Read = { readonly ticks: bigint; readonly offset: number | undefined; readonly isUtc: boolean };

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const american =
  /^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i;
const yearFirst =
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i;
const dayMonthName =
  /^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i;
const monthNameDay =
  /^(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3,9})\s+(\d{1,2}),?\s+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i;

/** An ISO date and time as the JSON reader takes it: with an offset it becomes local time, which is UTC. */
export function parseIsoDate(text: string): DateTimeValue | undefined {
  const read = /\d{2}:\d{2}:\d{2}/.test(text) && !/\s|,/.test(text) ? readIso(text) : undefined;
  return read === undefined ? undefined : asDate(read);
}

/** What `DateTime.Parse` gives; undefined for text that it refuses. With a zone it is turned into local time, which is UTC. */
export function parseDate(text: string): DateTimeValue | undefined {
  const read = readDate(text.trim());
  if (read === undefined) return undefined;
  return read.offset === undefined
    ? new DateTimeValue(read.ticks, "Unspecified")
    : inRange(read.ticks - BigInt(read.offset) * 600_000_000n, "Local");
}

/** What `DateTimeOffset.Parse` gives. */
export function parseDateOffset(text: string): DateTimeOffsetValue | undefined {
  const read = readDate(text.trim());
  return read === undefined ? undefined : new DateTimeOffsetValue(read.ticks, read.offset ?? 0);
}

function asDate({ ticks, offset, isUtc }: Read): DateTimeValue | undefined {
  if (offset === undefined) return new DateTimeValue(ticks, "Unspecified");
  return inRange(ticks - BigInt(offset) * 600_000_000n, isUtc ? "Utc" : "Local");
}

function inRange(ticks: bigint, zone: "Utc" | "Local"): DateTimeValue | undefined {
  return ticks < 0n || ticks > maxTicks ? undefined : new DateTimeValue(ticks, zone);
}

function readDate(text: string): Read | undefined {
  return (
    readIso(text) ??
    readParts(american.exec(text), (found) => [found[3], found[1], found[2]]) ??
    readParts(yearFirst.exec(text), (found) => [found[1], found[2], found[3]]) ??
    readParts(dayMonthName.exec(text), (found) => [found[3], monthOf(found[2]), found[1]]) ??
    readParts(monthNameDay.exec(text), (found) => [found[3], monthOf(found[1]), found[2]])
  );
}

type Texts = readonly (string | undefined)[];

function readIso(text: string): Read | undefined {
  const found = iso.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  return moment([year, month, day], [hour, minute, second, fraction], undefined, zone);
}

function readParts(found: RegExpExecArray | null, dateOf: (found: Texts) => Texts): Read | undefined {
  if (found === null) return undefined;
  return moment(dateOf(found), found.slice(4, 8), found[8], found[9]);
}

function moment(
  date: Texts,
  time: Texts,
  half: string | undefined,
  zone: string | undefined,
): Read | undefined {
  const [year, month, day] = date.map(Number);
  const [hour = 0, minute = 0, second = 0] = time.slice(0, 3).map((text) => Number(text ?? "0"));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const isAfternoon = half?.toUpperCase() === "PM";
  const shown = half === undefined ? hour : (hour % 12) + (isAfternoon ? 12 : 0);
  const fraction = Number((time[3] ?? "").padEnd(7, "0").slice(0, 7));
  const ticks = ticksOf([year, month, day, shown, minute, second], fraction);
  if (ticks === undefined) return undefined;
  return {
    ticks,
    offset: zone === undefined ? undefined : offsetOf(zone),
    isUtc: zone?.toUpperCase() === "Z",
  };
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const total = Number(hours ?? "0") * 60 + Number(minutes ?? "0");
  return sign === "-" ? -total : total;
}

function monthOf(name: string | undefined): string {
  const lower = (name ?? "").toLowerCase();
  const index = monthNames.findIndex((month) => {
    const full = month.toLowerCase();
    return full === lower || full.slice(0, 3) === lower;
  });
  return String(index + 1);
}
