import { describe, expect, it } from "vitest";
import { columns, cutColumns } from "../../src/report/human/columns.ts";
import { formatApplying, formatReading } from "../../src/report/human/progress.ts";

const step = { action: "create", kind: "policy", id: "azure-openai/ChatCompletions_Create" } as const;

describe("a line of progress", () => {
  it("says how far it is", () => {
    expect(formatReading({ done: 812, total: 2001 }, 80)).toBe("reading the service: 812 of 2,001");
    expect(formatApplying({ done: 6, total: 24 }, 80)).toBe(
      `applying ${"━".repeat(6)}${"─".repeat(18)} 6 of 24`,
    );
    expect(formatApplying({ done: 24, total: 24, step }, 200)).toBe(
      `applying ${"━".repeat(24)} 24 of 24  creating policy azure-openai/ChatCompletions_Create`,
    );
    expect(formatApplying({ done: 0, total: 0 }, 80)).toContain("0 of 0");
  });

  it.each([1, 2, 10, 33, 60, 80])("never reaches the edge of a terminal of %i columns", (width) => {
    const wide = { ...step, id: "東京".repeat(50) };
    for (const line of [
      formatReading({ done: 10_000, total: 20_000 }, width),
      formatApplying({ done: 1, total: 2, step: wide }, width),
    ]) {
      expect(columns(line)).toBeLessThan(Math.max(1, width));
    }
  });

  it("holds no control character of a name", () => {
    const evil = { ...step, id: "a\u001b[2J\nb" };
    expect(formatApplying({ done: 1, total: 2, step: evil }, 200)).not.toMatch(/[\u0000-\u001f]/);
  });
});

it.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["東京都", 5, "東京…"],
  ["東京都", 4, "東…"],
  ["abc", 1, "…"],
  ["abc", 0, ""],
])("%j in %i columns is %j", (text, most, expected) => {
  expect(cutColumns(text, most)).toBe(expected);
});
