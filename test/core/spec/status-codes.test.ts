import { describe, expect, it } from "vitest";
import { parseStatusCode, parseStatusCodes } from "../../../src/core/spec/status-codes.ts";

describe("parseStatusCodes", () => {
  it.each([
    [[], []],
    [[429], [{ min: 429, max: 429 }]],
    [["429"], [{ min: 429, max: 429 }]],
    [["500-599"], [{ min: 500, max: 599 }]],
    [["500 - 599"], [{ min: 500, max: 599 }]],
    [
      ["500-599", 429],
      [
        { min: 500, max: 599 },
        { min: 429, max: 429 },
      ],
    ],
    [[429, "429", 429], [{ min: 429, max: 429 }]],
    [["500-599", 503, "500-510"], [{ min: 500, max: 599 }]],
    [
      [503, "500-599"],
      [
        { min: 503, max: 503 },
        { min: 500, max: 599 },
      ],
    ],
  ])("%j", (codes, ranges) => {
    expect(parseStatusCodes(codes)).toEqual(ranges);
  });

  it("refuses what is neither a status nor a range", () => {
    expect(() => parseStatusCodes(["4xx"])).toThrow(RangeError);
  });
});

describe("parseStatusCode", () => {
  it.each(["4xx", "", "99", "600", "599-500", "400-"])("gives nothing for %j", (code) => {
    expect(parseStatusCode(code)).toBeUndefined();
  });
});
