/** The Gregorian calendar in ticks of 100 ns since 0001-01-01, as .NET counts. */
import { argumentOutOfRange } from "../errors.ts";

export const ticksPerMillisecond = 10_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerMinute = 600_000_000n;
export const ticksPerHour = 36_000_000_000n;
export const ticksPerDay = 864_000_000_000n;
export const unixEpochTicks = 621_355_968_000_000_000n;
export const maxTicks = 3_155_378_975_999_999_999n;

export type DateParts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Ticks within the second. */
  readonly fraction: number;
  readonly dayOfYear: number;
  /** 0 for Sunday. */
  readonly dayOfWeek: number;
};

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

function daysBeforeYear(year: number): number {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

function daysBeforeMonth(year: number, month: number): number {
  let days = 0;
  for (let before = 1; before < month; before += 1) days += daysInMonth(year, before);
  return days;
}

/** Ticks of a moment given by parts; undefined when there is no such moment. */
export function ticksOf(
  [year, month, day, hour = 0, minute = 0, second = 0]: readonly [
    number,
    number,
    number,
    number?,
    number?,
    number?,
  ],
  fraction = 0,
): bigint | undefined {
  const isDate =
    year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!isDate || !isTime) return undefined;
  const days = daysBeforeYear(year) + daysBeforeMonth(year, month) + day - 1;
  const seconds = hour * 3600 + minute * 60 + second;
  return BigInt(days) * ticksPerDay + BigInt(seconds) * ticksPerSecond + BigInt(fraction);
}

export function partsOf(ticks: bigint): DateParts {
  const days = Number(ticks / ticksPerDay);
  const inDay = ticks % ticksPerDay;
  let year = Math.max(1, Math.floor(days / 365.2425));
  while (daysBeforeYear(year + 1) <= days) year += 1;
  const dayOfYear = days - daysBeforeYear(year) + 1;
  let month = 1;
  while (month < 12 && daysBeforeMonth(year, month + 1) < dayOfYear) month += 1;
  const seconds = Number(inDay / ticksPerSecond);
  return {
    year,
    month,
    day: dayOfYear - daysBeforeMonth(year, month),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fraction: Number(inDay % ticksPerSecond),
    dayOfYear,
    dayOfWeek: (days + 1) % 7,
  };
}

/** Milliseconds since 1970 as ticks. */
export function ticksOfUnix(milliseconds: number): bigint {
  return unixEpochTicks + BigInt(Math.trunc(milliseconds)) * ticksPerMillisecond;
}

/** The ticks, if a date can have them; ArgumentOutOfRangeException otherwise. */
export function dateInRange(ticks: bigint): bigint {
  if (ticks < 0n || ticks > maxTicks) {
    throw argumentOutOfRange(
      "value",
      "The added or subtracted value results in an un-representable DateTime.",
    );
  }
  return ticks;
}

/** The same day and time some months on, or the last day of that month. */
export function addMonths(ticks: bigint, months: number): bigint {
  const { year, month, day } = partsOf(ticks);
  const total = year * 12 + month - 1 + months;
  const toYear = Math.floor(total / 12);
  const toMonth = (((total % 12) + 12) % 12) + 1;
  const moved = ticksOf([toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))]);
  return dateInRange(moved === undefined ? -1n : moved + (ticks % ticksPerDay));
}
