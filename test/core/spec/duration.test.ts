import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoDuration, parseDuration, shortDuration } from "../../../src/core/spec/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["2d", 172_800_000],
    ["0s", 0],
    ["PT1M", 60_000],
    ["PT1H30M", 5_400_000],
    ["PT90S", 90_000],
    ["PT0.5S", 500],
    ["P1D", 86_400_000],
    ["P1DT1S", 86_401_000],
    [30, 30_000],
    [0.5, 500],
    [0, 0],
  ])("%s is %d ms", (written, milliseconds) => {
    expect(parseDuration(written)).toBe(milliseconds);
  });

  it.each(["", "5", "5 m", "m", "P", "PT", "P1DT", "PT1", "1w", "P1M", "-5m", "PT-1M", "1.5h", "5M", "pt1m"])(
    "refuses %j",
    (written) => {
      expect(() => parseDuration(written)).toThrow(RangeError);
    },
  );
});

describe("shortDuration", () => {
  it.each([
    [0, "0s"],
    [1500, "1500ms"],
    [90_000, "90s"],
    [300_000, "5m"],
    [5_400_000, "90m"],
    [86_400_000, "1d"],
  ])("%d ms is %s", (milliseconds, written) => {
    expect(shortDuration(milliseconds)).toBe(written);
    expect(parseDuration(written)).toBe(milliseconds);
  });
});

describe("isoDuration", () => {
  it.each([
    [0, "PT0S"],
    [500, "PT0.5S"],
    [1, "PT0.001S"],
    [1000, "PT1S"],
    [60_000, "PT1M"],
    [90_000, "PT1M30S"],
    [300_000, "PT5M"],
    [5_400_000, "PT1H30M"],
    [3_600_000, "PT1H"],
    [86_400_000, "P1D"],
    [90_061_000, "P1DT1H1M1S"],
    [864_000_000, "P10D"],
  ])("%d ms is %s", (milliseconds, iso) => {
    expect(isoDuration(milliseconds)).toBe(iso);
  });

  it("is read back as the same time", () => {
    const anyTime = fc.integer({ min: 0, max: 400 * 86_400_000 });
    fc.assert(fc.property(anyTime, (time) => parseDuration(isoDuration(time)) === time));
  });
});
