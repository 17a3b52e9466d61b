import { describe, expect, it } from "vitest";
import { nextRevision, previousRevision } from "../../../src/core/plan/revision-list.ts";
import type { Revisions } from "../../../src/core/plan/revision-list.ts";

/** `3* t3`: revision 3, current, released at t3; newest first. */
function revisions(...texts: readonly string[]): Revisions {
  return {
    api: "ai",
    revisions: texts.map((text) => {
      const [number = "", at] = text.split(" ");
      return {
        number: Number.parseInt(number, 10),
        isCurrent: number.endsWith("*"),
        description: "",
        madeBy: number.startsWith("9") ? null : "team-a",
        released: at === undefined ? null : { at, notes: "" },
      };
    }),
  };
}

describe("the revision that rollback means", () => {
  it.each([
    ["the first, which was current without a release", ["2* t1", "1"], 1],
    ["the one released before", ["3* t2", "2 t1", "1"], 2],
    ["the one that calls got before a rollback", ["3 t2", "2* t3", "1"], 3],
    ["not one that calls have never got", ["3* t2", "2", "1"], 1],
    ["not a later one that waits", ["3", "2* t1", "1"], 1],
    ["not one released later, by somebody's clock", ["3 t9", "2* t1", "1"], 1],
  ])("%s", (_, given, expected) => {
    expect(previousRevision(revisions(...given))).toBe(expected);
  });

  it.each([[["1*"]], [["2", "1*"]], [["5* t3", "4"]]])("is none for %j", (given) => {
    expect(() => previousRevision(revisions(...given))).toThrow("has no revision to go back to");
  });
});

it.each([
  [["3", "2", "1*"], 3],
  [["4 t1", "3", "2* t2"], 3],
  // Of somebody else.
  [["9", "3", "2* t2"], 3],
])("release of %j means %i", (given, expected) => {
  expect(nextRevision(revisions(...given), "team-a")).toBe(expected);
});

it.each([[["1*"]], [["3 t1", "2* t2", "1"]], [["9", "1*"]]])("release of %j means none", (given) => {
  expect(() => nextRevision(revisions(...given), "team-a")).toThrow("waits for its release");
});
