/** Members of DateTime, DateTimeOffset and TimeSpan. The gateway's local time is UTC. */
import type { GatewayContext } from "../../context.ts";
import { utcTicks } from "../equality.ts";
import { argumentOutOfRange, exception } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import {
  addMonths,
  dateInRange,
  daysInMonth,
  isLeapYear,
  maxTicks,
  partsOf,
  ticksOfUnix,
  ticksPerDay,
  ticksPerHour,
  ticksPerMillisecond,
  ticksPerMinute,
  ticksPerSecond,
  unixEpochTicks,
} from "../format/calendar.ts";
import type { DateParts } from "../format/calendar.ts";
import { formatDate } from "../format/date-format.ts";
import { timeParts } from "../format/time-span.ts";
import type { TimeParts } from "../format/time-span.ts";
import { DateTimeOffsetValue, DateTimeValue, NumberValue, TimeSpanValue } from "../values.ts";
import type { Value } from "../values.ts";
import { enumOf } from "./enums.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";

/** Now, by the clock of the call. */
function nowTicks({ context }: Evaluation): bigint {
  return ticksOfUnix(context.sources.now());
}

/** When the call came in, as a date. */
export function timestampOf({ timestamp }: GatewayContext): DateTimeValue {
  return new DateTimeValue(ticksOfUnix(timestamp), "Utc");
}

const double = (value: number) => new NumberValue("double", value);

type Dated = DateTimeValue | DateTimeOffsetValue;

/** A date on the same clock with other ticks. */
function withTicks(date: Dated, ticks: bigint): Dated {
  const inRange = dateInRange(ticks);
  return date instanceof DateTimeValue
    ? new DateTimeValue(inRange, date.zone)
    : new DateTimeOffsetValue(inRange, date.offsetMinutes);
}

/** Ticks of so many units: .NET Framework rounds to whole milliseconds. */
function scaled(args: Args, unit: bigint): bigint {
  const milliseconds = args.double(0) * Number(unit / ticksPerMillisecond);
  const rounded = milliseconds < 0 ? -Math.floor(-milliseconds + 0.5) : Math.floor(milliseconds + 0.5);
  if (!Number.isFinite(rounded) || Math.abs(rounded) > 315_537_897_600_000) {
    throw argumentOutOfRange("value", "Value to add was out of range.");
  }
  return BigInt(rounded) * ticksPerMillisecond;
}

function adder(unit: bigint) {
  return (date: Dated, args: Args) => withTicks(date, date.ticks + scaled(args, unit));
}

function part(read: (parts: DateParts) => number) {
  return (date: Dated) => read(partsOf(date.ticks));
}

function spanArgument(args: Args): bigint {
  const span = args.at(0);
  if (span instanceof TimeSpanValue) return span.ticks;
  throw args.refuse(0, "TimeSpan");
}

function subtract(date: Dated, args: Args): Value {
  const other = args.at(0);
  if (other instanceof TimeSpanValue) return withTicks(date, date.ticks - other.ticks);
  const [from, to] = [instantOf(date), instantOf(other)];
  if (from === undefined || to === undefined) throw args.refuse(0, "date");
  return new TimeSpanValue(from - to);
}

function instantOf(value: Value): bigint | undefined {
  if (value instanceof DateTimeOffsetValue) return utcTicks(value);
  return value instanceof DateTimeValue ? value.ticks : undefined;
}

function isDated(value: Value): value is Dated {
  return value instanceof DateTimeValue || value instanceof DateTimeOffsetValue;
}

defineMembers(["DateTime", "DateTimeOffset"], isDated, {
  get: {
    Day: part(({ day }) => day),
    DayOfWeek: (date) => enumOf("DayOfWeek", partsOf(date.ticks).dayOfWeek),
    DayOfYear: part(({ dayOfYear }) => dayOfYear),
    Hour: part(({ hour }) => hour),
    Millisecond: part(({ fraction }) => Math.floor(fraction / 10_000)),
    Minute: part(({ minute }) => minute),
    Month: part(({ month }) => month),
    Second: part(({ second }) => second),
    Ticks: ({ ticks }) => ticks,
    TimeOfDay: ({ ticks }) => new TimeSpanValue(ticks % ticksPerDay),
    Year: part(({ year }) => year),
  },
  call: {
    Add: (date, args) => withTicks(date, date.ticks + spanArgument(args)),
    AddDays: adder(ticksPerDay),
    AddHours: adder(ticksPerHour),
    AddMilliseconds: adder(ticksPerMillisecond),
    AddMinutes: adder(ticksPerMinute),
    AddMonths: (date, args) => withTicks(date, addMonths(date.ticks, args.int(0))),
    AddSeconds: adder(ticksPerSecond),
    AddTicks: (date, args) => withTicks(date, date.ticks + BigInt(Math.trunc(args.double(0)))),
    AddYears: (date, args) => withTicks(date, addMonths(date.ticks, args.int(0) * 12)),
    IsDaylightSavingTime: () => false,
    Subtract: subtract,
    ToString: (date, args) => formatDate(date, typeof args.at(0) === "string" ? args.text(0) : ""),
  },
});

defineMembers(["DateTime"], instanceOf(DateTimeValue), {
  get: {
    Date: ({ ticks, zone }) => new DateTimeValue(ticks - (ticks % ticksPerDay), zone),
    Kind: ({ zone }) => enumOf("DateTimeKind", zone === "Utc" ? 1 : zone === "Local" ? 2 : 0),
  },
});

const unixSeconds = (ticks: bigint, unit: bigint): bigint => {
  const since = ticks - unixEpochTicks;
  return since < 0n && since % unit !== 0n ? since / unit - 1n : since / unit;
};

defineMembers(["DateTimeOffset"], instanceOf(DateTimeOffsetValue), {
  get: {
    Date: ({ ticks }) => new DateTimeValue(ticks - (ticks % ticksPerDay), "Unspecified"),
    DateTime: ({ ticks }) => new DateTimeValue(ticks, "Unspecified"),
    LocalDateTime: (date) => new DateTimeValue(utcTicks(date), "Local"),
    Offset: ({ offsetMinutes }) => new TimeSpanValue(BigInt(offsetMinutes) * ticksPerMinute),
    UtcDateTime: (date) => new DateTimeValue(utcTicks(date), "Utc"),
    UtcTicks: utcTicks,
  },
  call: {
    ToLocalTime: (date) => new DateTimeOffsetValue(utcTicks(date), 0),
    ToOffset: (date, args) => {
      const minutes = Number(spanArgument(args) / ticksPerMinute);
      return new DateTimeOffsetValue(utcTicks(date) + BigInt(minutes) * ticksPerMinute, minutes);
    },
    ToUniversalTime: (date) => new DateTimeOffsetValue(utcTicks(date), 0),
    ToUnixTimeMilliseconds: (date) => unixSeconds(utcTicks(date), ticksPerMillisecond),
    ToUnixTimeSeconds: (date) => unixSeconds(utcTicks(date), ticksPerSecond),
  },
});

const midnight = (ticks: bigint) => ticks - (ticks % ticksPerDay);

defineStatics("DateTime", {
  get: {
    MaxValue: () => new DateTimeValue(maxTicks, "Unspecified"),
    MinValue: () => new DateTimeValue(0n, "Unspecified"),
    Now: (ev) => new DateTimeValue(nowTicks(ev), "Local"),
    Today: (ev) => new DateTimeValue(midnight(nowTicks(ev)), "Local"),
    UtcNow: (ev) => new DateTimeValue(nowTicks(ev), "Utc"),
  },
  call: {
    DaysInMonth: (args) => {
      if (args.int(1) < 1 || args.int(1) > 12)
        throw argumentOutOfRange("month", "Month must be between one and twelve.");
      return daysInMonth(args.int(0), args.int(1));
    },
    IsLeapYear: (args) => isLeapYear(args.int(0)),
  },
});

function fromUnix(unit: bigint) {
  return (args: Args) => {
    const count = args.number(0);
    const ticks =
      unixEpochTicks + BigInt(Math.trunc(typeof count === "bigint" ? Number(count) : args.double(0))) * unit;
    if (ticks < 0n || ticks > maxTicks)
      throw argumentOutOfRange(
        "seconds",
        "Valid values are between -62135596800 and 253402300799, inclusive.",
      );
    return new DateTimeOffsetValue(ticks, 0);
  };
}

defineStatics("DateTimeOffset", {
  get: {
    MaxValue: () => new DateTimeOffsetValue(maxTicks, 0),
    MinValue: () => new DateTimeOffsetValue(0n, 0),
    Now: (ev) => new DateTimeOffsetValue(nowTicks(ev), 0),
    UtcNow: (ev) => new DateTimeOffsetValue(nowTicks(ev), 0),
  },
  call: {
    FromUnixTimeMilliseconds: fromUnix(ticksPerMillisecond),
    FromUnixTimeSeconds: fromUnix(ticksPerSecond),
  },
});

function fromUnit(unit: bigint) {
  return (args: Args) => {
    const milliseconds = args.double(0) * Number(unit / ticksPerMillisecond);
    if (Number.isNaN(milliseconds))
      throw exception("ArgumentException", "TimeSpan does not accept floating point Not-a-Number values.");
    const rounded = milliseconds < 0 ? -Math.floor(-milliseconds + 0.5) : Math.floor(milliseconds + 0.5);
    if (Math.abs(rounded) > 922_337_203_685_477)
      throw exception("OverflowException", "TimeSpan overflowed because the duration is too long.");
    return new TimeSpanValue(BigInt(rounded) * ticksPerMillisecond);
  };
}

defineStatics("TimeSpan", {
  get: {
    MaxValue: () => new TimeSpanValue((1n << 63n) - 1n),
    MinValue: () => new TimeSpanValue(-(1n << 63n)),
    TicksPerDay: () => ticksPerDay,
    TicksPerHour: () => ticksPerHour,
    TicksPerMillisecond: () => ticksPerMillisecond,
    TicksPerMinute: () => ticksPerMinute,
    TicksPerSecond: () => ticksPerSecond,
    Zero: () => new TimeSpanValue(0n),
  },
  call: {
    FromDays: fromUnit(ticksPerDay),
    FromHours: fromUnit(ticksPerHour),
    FromMilliseconds: fromUnit(ticksPerMillisecond),
    FromMinutes: fromUnit(ticksPerMinute),
    FromSeconds: fromUnit(ticksPerSecond),
    FromTicks: (args) => new TimeSpanValue(BigInt(Math.trunc(args.double(0)))),
  },
});

function spanPart(read: (parts: TimeParts) => number) {
  return (span: TimeSpanValue) => read(timeParts(span));
}

function total(unit: bigint) {
  return ({ ticks }: TimeSpanValue) => double(Number(ticks) / Number(unit));
}

defineMembers(["TimeSpan"], instanceOf(TimeSpanValue), {
  get: {
    Days: spanPart(({ days }) => days),
    Hours: spanPart(({ hours }) => hours),
    Milliseconds: spanPart(({ fraction }) => Math.trunc(fraction / 10_000)),
    Minutes: spanPart(({ minutes }) => minutes),
    Seconds: spanPart(({ seconds }) => seconds),
    Ticks: ({ ticks }) => ticks,
    TotalDays: total(ticksPerDay),
    TotalHours: total(ticksPerHour),
    TotalMilliseconds: total(ticksPerMillisecond),
    TotalMinutes: total(ticksPerMinute),
    TotalSeconds: total(ticksPerSecond),
  },
  call: {
    Add: ({ ticks }, args) => new TimeSpanValue(ticks + spanArgument(args)),
    Duration: ({ ticks }) => new TimeSpanValue(ticks < 0n ? -ticks : ticks),
    Negate: ({ ticks }) => new TimeSpanValue(-ticks),
    Subtract: ({ ticks }, args) => new TimeSpanValue(ticks - spanArgument(args)),
  },
});
