/** Durations as text and back. */
import { formatException } from "../errors.ts";
import { TimeSpanValue } from "../values.ts";
import { ticksPerDay, ticksPerHour, ticksPerMinute, ticksPerSecond } from "./calendar.ts";

export type TimeParts = {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** Ticks within the second. */
  readonly fraction: number;
};

/** All parts have the sign of the whole. */
export function timeParts({ ticks }: TimeSpanValue): TimeParts {
  return {
    days: Number(ticks / ticksPerDay),
    hours: Number((ticks / ticksPerHour) % 24n),
    minutes: Number((ticks / ticksPerMinute) % 60n),
    seconds: Number((ticks / ticksPerSecond) % 60n),
    fraction: Number(ticks % ticksPerSecond),
  };
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** `c`, `g`, `G` and custom formats. */
export function formatTimeSpan(value: TimeSpanValue, format = "c"): string {
  const { days, hours, minutes, seconds, fraction } = timeParts(
    new TimeSpanValue(value.ticks < 0n ? -value.ticks : value.ticks),
  );
  const sign = value.ticks < 0n ? "-" : "";
  switch (format) {
    case "":
    case "c":
    case "t":
    case "T": {
      const day = days === 0 ? "" : `${days}.`;
      const rest = fraction === 0 ? "" : `.${pad(fraction, 7)}`;
      return `${sign}${day}${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}${rest}`;
    }
    case "g": {
      const day = days === 0 ? "" : `${days}:`;
      const rest = fraction === 0 ? "" : `.${pad(fraction, 7).replace(/0+$/, "")}`;
      return `${sign}${day}${hours}:${pad(minutes, 2)}:${pad(seconds, 2)}${rest}`;
    }
    case "G":
      return `${sign}${days}:${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(fraction, 7)}`;
    default:
      return formatCustom({ days, hours, minutes, seconds, fraction }, format);
  }
}

const specifier = /(d+|h+|m+|s+|f+|F+)|'([^']*)'|"([^"]*)"|\\(.)|%(?=.)|([^])/g;

function formatCustom(parts: TimeParts, format: string): string {
  let text = "";
  for (const [, letters, single, double, escaped, other] of format.matchAll(specifier)) {
    // Other characters must be quoted: .NET refuses them.
    if (other !== undefined || format.length === 1) throw formatException();
    text += letters === undefined ? (single ?? double ?? escaped ?? "") : part(parts, letters);
  }
  return text;
}

function part(parts: TimeParts, letters: string): string {
  const length = letters.length;
  switch (letters.charAt(0)) {
    case "d":
      return pad(parts.days, length);
    case "h":
      return pad(parts.hours, length);
    case "m":
      return pad(parts.minutes, length);
    case "s":
      return pad(parts.seconds, length);
    case "F":
      return pad(parts.fraction, 7).slice(0, length).replace(/0+$/, "");
    default:
      return pad(parts.fraction, 7).slice(0, length);
  }
}

const written =
  /^\s*(-)?(?:(\d+)(?:\.(?=\d+:)|$))?(?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)?\s*$/;

/** Reads `[-][d.]hh:mm[:ss[.fffffff]]` or days alone; undefined for other text. */
export function parseTimeSpan(text: string): TimeSpanValue | undefined {
  const found = written.exec(text);
  if (found === null || text.trim() === "") return undefined;
  const [days, hours, minutes, seconds] = [2, 3, 4, 5].map((index) => Number(found[index] ?? "0"));
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return undefined;
  const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  if (!Number.isSafeInteger(total)) return undefined;
  const ticks = BigInt(total) * ticksPerSecond + BigInt((found[6] ?? "").padEnd(7, "0"));
  return new TimeSpanValue(found[1] === "-" ? -ticks : ticks);
}
