import { describe, expect, it } from "vitest";
import { createTurns } from "../../../src/core/gateway/turns.ts";
import type { Selection } from "../../../src/core/gateway/turns.ts";
import { createRandom } from "../../../src/core/simulate/random.ts";

/** Names of the members whose turns come one after the other. */
function take(
  selection: Selection,
  weights: readonly number[],
  count: number,
  { start = 0, open = [] as readonly number[] } = {},
): string {
  const turns = createTurns(selection, weights, createRandom(1), start);
  return Array.from({ length: count }, () => {
    const index = turns.take((at) => !open.includes(at));
    return index === undefined ? "-" : "ABC".charAt(index);
  }).join("");
}

describe("turns", () => {
  it.each([
    { name: "blocks as heavy as their weights", weights: [80, 10, 10], expected: "AAAAAAAABCAAAAAAAABC" },
    { name: "strict alternation of equal weights", weights: [50, 50], expected: "ABABAB" },
    { name: "three of equal weight", weights: [1, 1, 1], expected: "ABCABC" },
    { name: "a member without weight is left out", weights: [2, 0, 1], expected: "AACAAC" },
    { name: "no weights at all count as equal", weights: [0, 0], expected: "ABAB" },
  ])("block: $name", ({ weights, expected }) => {
    expect(take("block", weights, expected.length)).toBe(expected);
  });

  it("block: passes over open members and keeps its place", () => {
    expect(take("block", [80, 10, 10], 6, { open: [0] })).toBe("BCBCBC");
    expect(take("block", [1, 1], 3, { open: [0, 1] })).toBe("---");
  });

  it("starts after the turns that were taken before", () => {
    expect(take("block", [80, 10, 10], 20, { start: 1 })).toBe("AAAAAAABCAAAAAAAABCA");
    expect(take("smooth", [2, 1], 5, { start: 1 })).toBe("BAABA");
  });

  it("smooth: interleaves", () => {
    expect(take("smooth", [5, 1, 1], 7)).toBe("AABACAA");
  });

  it.each([
    ["block", [80, 10, 10]],
    ["block", [2, 0, 1]],
    ["smooth", [5, 1, 1]],
    ["smooth", [1, 3, 0]],
  ] as const)("%s %j: tells whose turn is next, and leaves it there", (selection, weights) => {
    const turns = createTurns(selection, weights, createRandom(1), 1);
    for (const open of [0, 1, 2, 9, 9, 9, 0, 9, 9, 9, 9, 1, 9]) {
      const isAvailable = (at: number): boolean => at !== open;
      const next = turns.peek(isAvailable);
      expect(turns.peek(isAvailable)).toBe(next);
      expect(turns.take(isAvailable)).toBe(next);
    }
    expect(turns.peek(() => false)).toBeUndefined();
  });

  it("random: tells nothing beforehand", () => {
    expect(createTurns("random", [1, 1], createRandom(1), 0).peek(() => true)).toBeUndefined();
  });

  it("random: follows the weights, and is the same for the same seed", () => {
    const run = take("random", [2, 1], 3000);
    expect(run.replaceAll("B", "").length / 3000).toBeCloseTo(2 / 3, 1);
    expect(take("random", [2, 1], 3000)).toBe(run);
    expect(take("random", [2, 1], 5, { open: [0] })).toBe("BBBBB");
  });
});
