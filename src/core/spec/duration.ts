/** Durations as people write them and as APIM writes them; milliseconds in between. */

export const durationPattern =
  /^(?:\d+(?:ms|s|m|h|d)|P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/;

/** What the pattern asks for, as messages say it after "expected". */
export const durationRule = "a duration such as 30s, 5m, 1h or PT1M";

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Milliseconds of `30s`, `5m`, `1h`, `PT1M30S`, or of a number of seconds. Throws a RangeError for anything else: a parsed
 * spec holds none.
 */
export function parseDuration(duration: string | number): number {
  if (typeof duration === "number") return Math.round(duration * 1000);
  if (!durationPattern.test(duration)) throw new RangeError(`not a duration: ${duration}`);
  return duration.startsWith("P") ? parseIso(duration) : parseShort(duration);
}

function parseShort(duration: string): number {
  const [, amount = "0", unit = "s"] = /^(\d+)([a-z]+)$/.exec(duration) ?? [];
  return Number(amount) * (unitMilliseconds[unit] ?? 0);
}

function parseIso(duration: string): number {
  const parts: readonly (string | undefined)[] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration) ?? [];
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const whole = ((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0);
  return whole * 60_000 + Math.round((seconds ?? 0) * 1000);
}

/**
 * Canonical ISO 8601, as APIM writes it back: each unit in its range and none that is zero (`PT90S` becomes `PT1M30S`, a day
 * `P1D`), a fraction of a second as in `PT0.5S`, and `PT0S` for nothing.
 */
export function isoDuration(milliseconds: number): string {
  const total = Math.round(milliseconds);
  const days = Math.floor(total / 86_400_000);
  const time = [
    [Math.floor(total / 3_600_000) % 24, "H"],
    [Math.floor(total / 60_000) % 60, "M"],
    [(total % 60_000) / 1000, "S"],
  ] as const;
  const shown = time.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount}${unit}`])).join("");
  if (days === 0 && shown === "") return "PT0S";
  return `P${days === 0 ? "" : `${days}D`}${shown === "" ? "" : `T${shown}`}`;
}

/** As people write it: `5m`, `90s`, in the largest unit that it is a whole number of. */
export function shortDuration(milliseconds: number): string {
  const units = Object.entries(unitMilliseconds).toReversed();
  const fitting = milliseconds === 0 ? undefined : units.find(([, length]) => milliseconds % length === 0);
  const [unit, length] = fitting ?? ["s", 1000];
  return `${milliseconds / length}${unit}`;
}
